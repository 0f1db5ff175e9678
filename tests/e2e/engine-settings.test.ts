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

test('the welcome page names every tracker, each with a switch, one for all of WebTorrent, and one for meeting through them', async () => {
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
  // They still bring Lodestream viewers together, until that is switched off, too.
  await welcome.waitForSelector('[data-server^="wss:"]');
  await welcome.locator('#swarm-through-trackers').click();
  expect(await untilStored(welcome, '"swarmThroughTrackers":false')).toMatchObject({ swarmThroughTrackers: false });
  await welcome.waitForSelector('[data-server^="wss:"]', { hidden: true });
});

test('the welcome page takes the choices of who would rather play from the menu, or be seen by no peer, and who says not now has agreed to nothing', async () => {
  const welcome = await openPage('welcome.html');
  await welcome.locator('#play-on-click:checked').click();
  expect(await untilStored(welcome, '"playOn":"menu"')).toMatchObject({ playOn: 'menu' });
  await welcome.locator('#relay-only:not(:checked)').click();
  expect(await untilText(welcome, '#relay-missing', /TURN/)).not.toBe('');
  expect(await untilStored(welcome, '"relayOnly":true')).toMatchObject({ relayOnly: true });
  await welcome.locator('#decline').click();
  await welcome.waitForSelector('[data-consent="declined"]');
  expect(await untilStored(welcome, '"relayOnly":true')).toMatchObject({ consentedAtMs: null, playOn: 'menu' });
});

test('the options take limits on rates and, behind a click, on what the engine allows; what is none is refused in words', async () => {
  const options = await openPage('options.html');
  const field = async (label: string, text: string): Promise<void> => {
    await options.locator(`::-p-aria([name="${label}"][role="textbox"])`).fill(text);
    await options.keyboard.press('Enter');
  };
  await field('Upload at most, in KiB/s', '500');
  expect(await untilStored(options, '"uploadBytesPerSecond":512000')).toMatchObject({ downloadBytesPerSecond: null });
  await field('Download at most, in KiB/s', '3');
  expect(await untilText(options, '[aria-labelledby="limits-title"]', /Below/)).toContain('others give up waiting');
  await field('Download at most, in KiB/s', '0');
  await options.locator('#advanced-limits summary').click();
  await field('Peers of one film', '201');
  expect(await untilText(options, '#advanced-limits', /from 1 to 200/)).toContain('whole number');
  await field('Peers of one film', '20');
  expect(await untilStored(options, '"peersPerSession":20')).toMatchObject({ downloadBytesPerSecond: null, uploadBytesPerSecond: 512_000 });
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
