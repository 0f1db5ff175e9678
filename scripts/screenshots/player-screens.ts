import type { Frame, Page } from 'puppeteer';
import { playerFrame, untilPlaying } from '@/tests/support/stage';
import { FILM_PLACES } from './films';
import { shootPopup, shootTab } from './session-screens';
import { openOwnPage, POPUP_VIEWPORT, TAB_VIEWPORT, type Scene } from './scene';
import { TEXTS } from './languages';

interface OpenFilm {
  readonly page: Page;
  readonly frame: Frame;
}

/** A tab with the page of links, one of them clicked. */
export async function openFilmPage({ launched, films }: Scene, film: keyof typeof FILM_PLACES): Promise<OpenFilm> {
  const page = await launched.browser.newPage();
  await page.setViewport(TAB_VIEWPORT);
  await page.goto(films.pageUrl);
  await page.bringToFront();
  await page.locator(`.films li:nth-child(${FILM_PLACES[film]}) .film`).click();
  const frame = await playerFrame(page, launched.extensionId);
  // The click may have brought the link into view.
  await page.evaluate(() => scrollTo(0, 0));
  return { page, frame };
}

export async function shootPlayer(scene: Scene): Promise<void> {
  // Before the film, so that its graph has the beginning, too.
  const popup = await openOwnPage(scene, 'popup', POPUP_VIEWPORT);
  const film = await openFilmPage(scene, 'film');
  await untilPlaying(film.frame, 3);
  await scene.camera.shoot(film.page, 'player-playing', { before: () => showControls(film) });
  await shootPopup(scene, popup);
  // Nobody comes for ten seconds before the player explains it: the other screens are taken meanwhile.
  const lonely = await openFilmPage(scene, 'lonely');
  await lonely.frame.waitForSelector('[data-timeline-event="signaling"][data-ms]');
  await scene.camera.shoot(lonely.page, 'player-starting');

  await shootPanels(scene, film);
  await film.page.close();
  await shootTab(scene, popup);
  await shootCollection(scene);
  await shootUnplayable(scene);
  await shootSound(scene);
  await shootStalled(scene);
  await lonely.frame.waitForSelector('[data-message="no-peer"]');
  await scene.camera.shoot(lonely.page, 'player-no-peer');
  await lonely.page.close();
}

/** They are there while a pointer moves. */
async function showControls({ page, frame }: OpenFilm): Promise<void> {
  const box = await (await frame.waitForSelector('video'))?.boundingBox();
  if (box === null || box === undefined) throw new Error('The film is not on the page.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await frame.waitForSelector('[data-controls="shown"] .controls');
}

async function shootPanels({ camera, language }: Scene, { page, frame }: OpenFilm): Promise<void> {
  await page.bringToFront();
  const { player, keys } = TEXTS[language];
  const panels = [
    [player.engine.title, '.engines', 'player-engine'],
    [player.startUpTimes, '.start-over:not([hidden])', 'player-times'],
    [keys.title, '.key-help', 'player-keys'],
  ] as const;
  for (const [label, selector, name] of panels) {
    await frame.locator(`footer button[aria-label^="${label}"]`).click();
    await frame.waitForSelector(selector);
    await camera.shoot(page, name);
    // The list of keys covers its own button.
    if (label === keys.title) await page.keyboard.press('Escape');
    else await frame.locator(`footer button[aria-label^="${label}"]`).click();
  }
}

async function shootCollection(scene: Scene): Promise<void> {
  const { page, frame } = await openFilmPage(scene, 'collection');
  await frame.waitForSelector('.file-name');
  await scene.camera.shoot(page, 'player-choosing-file');
  await frame.locator('.file-name').click();
  await untilPlaying(frame);
  await frame.locator(`footer button[aria-label="${TEXTS[scene.language].player.files.title}"]`).click();
  await frame.waitForSelector('.file-name');
  await scene.camera.shoot(page, 'player-files');
  await frame.locator(`footer button[aria-label="${TEXTS[scene.language].player.subtitles.title}"]`).click();
  await frame.waitForSelector('.subtitles');
  await scene.camera.shoot(page, 'player-subtitles');
  await page.close();
}

async function shootSound(scene: Scene): Promise<void> {
  const { page, frame } = await openFilmPage(scene, 'sound');
  await frame.waitForSelector('.audio-view');
  await frame.waitForSelector('[data-view-state="ended"]');
  await scene.camera.shoot(page, 'player-sound');
  await frame.locator(`footer button[aria-label="${TEXTS[scene.language].player.files.title}"]`).click();
  await frame.locator('.file ::-p-text(picture.png)').click();
  await frame.waitForSelector('img.film');
  await scene.camera.shoot(page, 'player-picture');
  await page.close();
}

async function shootUnplayable(scene: Scene): Promise<void> {
  const { page, frame } = await openFilmPage(scene, 'unplayable');
  await frame.waitForSelector('[data-message="unplayable"]');
  await scene.camera.shoot(page, 'player-unplayable');
  await page.close();
}

async function shootStalled(scene: Scene): Promise<void> {
  const { page, frame } = await openFilmPage(scene, 'slow');
  await untilPlaying(frame);
  await scene.camera.shoot(page, 'player-stalled', { before: () => frame.waitForSelector('[data-view-state="stalled"]') });
  await page.close();
}
