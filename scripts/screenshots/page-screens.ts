import type { ElementHandle } from 'puppeteer';
import { filmPath } from '@/tests/support/films';
import { untilText } from '@/tests/support/stage';
import { openFilmPage } from './player-screens';
import { NARROW_VIEWPORT, openOwnPage, POPUP_VIEWPORT, TAB_VIEWPORT, type Scene } from './scene';
import { SEARCHED, TEXTS } from './languages';

/** Before and after the viewer agreed; before, also what waits for it. */
export async function shootWelcome(scene: Scene): Promise<void> {
  const { camera, launched } = scene;
  // The extension opens it by itself when it is installed.
  const opened = await launched.browser.waitForTarget((target) => target.url().endsWith('/welcome.html'));
  const welcome = await opened.asPage();
  await welcome.setViewport(TAB_VIEWPORT);
  await welcome.waitForSelector('#accept');
  await camera.shoot(welcome, 'welcome', { wholePage: true });
  await welcome.setViewport(NARROW_VIEWPORT);
  await camera.shoot(welcome, 'welcome-narrow', { wholePage: true });
  await welcome.setViewport(TAB_VIEWPORT);
  const popup = await openOwnPage(scene, 'popup', POPUP_VIEWPORT);
  await popup.waitForSelector('[data-message="awaiting-consent"]');
  await camera.shoot(popup, 'popup-before-consent', { wholePage: true });
  await popup.close();
  const { page, frame } = await openFilmPage(scene, 'film');
  await frame.waitForSelector('[data-message="awaiting-consent"]');
  await camera.shoot(page, 'player-before-consent');
  await page.close();
  await welcome.bringToFront();
  await welcome.locator('#accept').click();
  await welcome.waitForSelector('[data-consent="given"]');
  await camera.shoot(welcome, 'welcome-agreed', { wholePage: true });
  await welcome.close();
}

export async function shootPopupWithout(scene: Scene): Promise<void> {
  const popup = await openOwnPage(scene, 'popup', POPUP_VIEWPORT);
  await popup.waitForSelector('[data-message="no-sessions"]');
  await scene.camera.shoot(popup, 'popup-empty', { wholePage: true });
  await popup.close();
}

export async function shootOptions(scene: Scene): Promise<void> {
  const { camera } = scene;
  const options = await openOwnPage(scene, 'options');
  await options.waitForSelector('#reset-title');
  await camera.shoot(options, 'options-top');
  await camera.shoot(options, 'options', { wholePage: true });
  await options.locator('.settings-search input').fill(SEARCHED[scene.language]);
  await options.waitForSelector('[data-found]');
  await camera.shoot(options, 'options-search');
  await options.close();
  const narrow = await openOwnPage(scene, 'options', NARROW_VIEWPORT);
  await narrow.waitForSelector('#reset-title');
  await camera.shoot(narrow, 'options-narrow', { wholePage: true });
  await narrow.close();
}

/** What the films that were played take of the disk, once asked whether one is to go, and the keys of the player. */
export async function shootStorage(scene: Scene): Promise<void> {
  const { camera } = scene;
  for (const [suffix, viewport] of [
    ['', TAB_VIEWPORT],
    ['-narrow', NARROW_VIEWPORT],
  ] as const) {
    const options = await openOwnPage(scene, 'options', viewport);
    await options.locator('[data-cached-film]:first-child button').click();
    await options.waitForSelector('.cached-films .confirm');
    await options.$eval('#storage-use', (line) => line.scrollIntoView());
    await camera.shoot(options, `options${suffix}-storage`);
    await options.locator('#player-keys summary').click();
    await options.$eval('#shortcuts-title', (title) => title.closest('section')?.scrollIntoView());
    await camera.shoot(options, `options${suffix}-keys`);
    await options.close();
  }
}

/** What is said of stored settings that cannot be read. */
export async function shootUnread(scene: Scene): Promise<void> {
  const options = await openOwnPage(scene, 'options');
  const unread = { version: 1, names: ['theme', 'trackers'], stored: {} };
  await options.evaluate((settingsSetAside) => chrome.storage.local.set({ settingsSetAside }), unread);
  await options.waitForSelector('.unread-note');
  await scene.camera.shoot(options, 'options-unread');
  await options.evaluate(() => chrome.storage.local.remove('settingsSetAside'));
  await options.close();
}

export async function shootShare(scene: Scene): Promise<void> {
  const { camera } = scene;
  const share = await openOwnPage(scene, 'share');
  const input = (await share.waitForSelector('#files')) as ElementHandle<HTMLInputElement>;
  await share.waitForSelector('[data-chooser="empty"]');
  await camera.shoot(share, 'share-empty');
  await input.uploadFile(filmPath('film.webm'));
  await share.waitForSelector('[data-chooser="chosen"]');
  await camera.shoot(share, 'share-chosen');
  await share.locator('.format-choice summary').click();
  await share.waitForSelector('.format-choice[open]');
  await camera.shoot(share, 'share-format', { wholePage: true });
  await share.locator(`[data-chooser="chosen"] button ::-p-text(${TEXTS[scene.language].share.share})`).click();
  await untilText(share, '[data-share-state="complete"] .magnet', /^magnet:/);
  await camera.shoot(share, 'share-sharing');
  await share.close();
}
