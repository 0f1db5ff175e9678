import type { Page } from 'puppeteer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { untilText } from '@/tests/support/stage';

/** Engine and trackers, as the viewer finds and changes them before anything is contacted: nobody agrees to anything here. */

const DEFAULT_TRACKERS = ['wss://tracker.openwebtorrent.com', 'wss://tracker.webtorrent.dev', 'wss://tracker.btorrent.xyz'];

let launched: LaunchedBrowser;

beforeEach(async () => {
  launched = await launchBrowser();
});

afterEach(async () => {
  await launched.close();
});

async function openPage(path: string): Promise<Page> {
  const { browser, extensionId } = launched;
  // The welcome page opens by itself, and takes the front from what was opened before it.
  await browser.waitForTarget((opened) => opened.url() === `chrome-extension://${extensionId}/welcome.html`);
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${extensionId}/${path}`);
  await page.bringToFront();
  return page;
}

/** Resolves once the stored settings hold this text; answers them. */
async function untilStored(page: Page, text: string): Promise<unknown> {
  const handle = await page.waitForFunction(
    async (wanted: string) => {
      const { settings } = await chrome.storage.local.get('settings');
      return JSON.stringify(settings ?? null).includes(wanted) ? settings : false;
    },
    {},
    text,
  );
  return handle.jsonValue();
}

test('the welcome page names every tracker, each with a switch, and one for all of WebTorrent', async () => {
  const welcome = await openPage('welcome.html');
  await welcome.waitForSelector(`[data-server="${DEFAULT_TRACKERS[0]}"]`);
  const named = await welcome.$$eval('[data-server^="wss:"]', (rows) => rows.map((row) => row.getAttribute('data-server')));
  expect(named).toEqual(DEFAULT_TRACKERS);
  expect(await untilText(welcome, 'main', /trackers/)).toContain('WebTorrent trackers see the film’s info hash');

  await welcome.locator(`[data-server="${DEFAULT_TRACKERS[1]}"] input`).click();
  expect(await untilStored(welcome, '"enabled":false')).toMatchObject({
    consentedAtMs: null,
    trackers: DEFAULT_TRACKERS.map((url) => ({ url, enabled: url !== DEFAULT_TRACKERS[1] })),
  });
  await welcome.locator('#with-webtorrent').click();
  expect(await untilStored(welcome, '"webrtc"')).toMatchObject({ defaultMode: 'webrtc' });
  await welcome.waitForSelector('[data-server^="wss:"]', { hidden: true });
});

test('the options change the default engine by arrow keys, and take trackers a browser can ask', async () => {
  const options = await openPage('options.html');
  const chosen = await options.waitForSelector('[data-engine-mode="hybrid"] input:checked');
  await chosen?.focus();
  await options.keyboard.press('ArrowDown');
  expect(await untilStored(options, '"webrtc"')).toMatchObject({ defaultMode: 'webrtc' });
  await options.keyboard.press('ArrowDown');
  expect(await untilStored(options, '"webtorrent"')).toMatchObject({ defaultMode: 'webtorrent' });

  const added = 'wss://tracker.example.org';
  await options.locator('#trackers .add-server input').fill('udp://tracker.example.org:80');
  await options.locator('#trackers .add-server button').click();
  expect(await untilText(options, '#trackers .add-server .field-error', /wss:/)).toMatch(/browser/);
  await options.locator('#trackers .add-server input').fill(added);
  await options.locator('#trackers .add-server button').click();
  expect(await untilStored(options, added)).toMatchObject({
    trackers: [...DEFAULT_TRACKERS, added].map((url) => ({ url, enabled: true })),
  });
});
