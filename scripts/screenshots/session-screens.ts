import { TargetType, type Page } from 'puppeteer';
import { untilPlaying } from '@/tests/support/stage';
import { NARROW_VIEWPORT, POPUP_VIEWPORT, TAB_VIEWPORT, type Scene } from './scene';
import { TEXTS } from './languages';

/** Fewer draw no curve worth looking at. */
const MIN_GRAPH_SAMPLES = 8;

/** The popup while a film is fetched. */
export async function shootPopup({ camera, language }: Scene, popup: Page): Promise<void> {
  await popup.waitForFunction(
    (enough) => Number(document.querySelector('.rate-graph')?.getAttribute('data-samples')) >= enough,
    {},
    MIN_GRAPH_SAMPLES,
  );
  await camera.shoot(popup, 'popup-film', { wholePage: true });
  await popup.locator(`summary ::-p-text(${TEXTS[language].popup.peersAndServers})`).click();
  await popup.waitForSelector('details[open] [data-peer-state="connected"]');
  await camera.shoot(popup, 'popup-peers', { wholePage: true });
  await popup.setViewport(NARROW_VIEWPORT);
  await camera.shoot(popup, 'popup-narrow', { wholePage: true });
  await popup.setViewport(POPUP_VIEWPORT);
}

/** The player that the popup opens in a tab of its own. Closes the popup. */
export async function shootTab({ launched, camera, language }: Scene, popup: Page): Promise<void> {
  await popup.bringToFront();
  const opened = launched.browser.waitForTarget((target) => target.url().includes('/player.html#') && target.type() === TargetType.PAGE);
  await popup
    .locator(`[data-session-id]:not([data-session-state="searching"]) button ::-p-text(${TEXTS[language].popup.openPlayer})`)
    .click();
  const tab = await (await opened).asPage();
  await tab.setViewport(TAB_VIEWPORT);
  await tab.bringToFront();
  await untilPlaying(tab.mainFrame());
  await camera.shoot(tab, 'player-tab');
  await tab.close();
  await popup.close();
}
