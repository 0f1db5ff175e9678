import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { agree, storeSettings } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';
import { startSeedServer, type SeedServer } from '@/tests/support/web-seed-server';

const FILM = new Uint8Array(1000).fill(7);
let site: Site;
let seed: SeedServer;
let launched: LaunchedBrowser;
let own: Page;

beforeAll(async () => {
  seed = await startSeedServer({ '/film': FILM });
  site = await serveSite({
    '/': 'A page',
    '/readable': { body: 'x', headers: { 'access-control-allow-origin': '*' } },
    '/inside': { status: 302, headers: { location: `${seed.origin}/film`, 'access-control-allow-origin': '*' }, body: '' },
  });
  // Names are public ones as far as the rules can tell.
  launched = await launchBrowser({ args: ['--host-resolver-rules=MAP *.example 127.0.0.1'] });
  await agree(launched);
  await storeSettings(launched, { signalingServers: [{ url: site.origin, enabled: true }], iceServers: [], trackers: [] });
  own = await launched.browser.newPage();
  // Any page of ours that looks at the engine starts it, and the rules come first.
  await own.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await launched.browser.waitForTarget((target) => target.url().endsWith('/offscreen.html'));
  await own.waitForFunction(async () => (await chrome.declarativeNetRequest.getSessionRules()).length > 0);
});

afterAll(async () => {
  await launched?.close();
  await site?.close();
  await seed?.close();
});

/** What the engine would get: its document and this page have the same origin. */
function statusOf(page: Page, url: string, init: RequestInit = {}): Promise<number | string> {
  return page.evaluate(
    async (address, options) => {
      try {
        return (await fetch(address, options)).status;
      } catch (error) {
        return error instanceof Error ? error.name : 'unknown';
      }
    },
    url,
    init,
  );
}

describe('the extension’s own requests', () => {
  test('into the viewer’s network are stopped before they leave, in all spellings', async () => {
    const { port } = new URL(seed.origin);
    for (const host of ['127.0.0.1', 'localhost', 'app.localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']) {
      expect([host, await statusOf(own, `http://${host}:${port}/film`)]).toEqual([host, 'TypeError']);
    }
    expect(seed.requests).toEqual([]);
  });

  test('do not follow a redirect into it', async () => {
    const { port } = new URL(site.origin);
    expect(await statusOf(own, `http://films.example:${port}/inside`)).toBe('TypeError');
    expect(seed.requests).toEqual([]);
  });

  test('go where the viewer’s settings lead, and to public names', async () => {
    const { port } = new URL(site.origin);
    expect(await statusOf(own, `${site.origin}/readable`)).toBe(200);
    expect(await statusOf(own, `http://films.example:${port}/readable`)).toBe(200);
  });

  test('are no reason to keep pages from their own servers', async () => {
    const page = await launched.browser.newPage();
    await page.goto(`${site.origin}/`);
    expect(await statusOf(page, `${site.origin}/readable`)).toBe(200);
    await page.close();
  });

  test('go to an address that the viewer allowed in the player, until the browser is closed', async () => {
    await own.evaluate(async (url) => {
      await chrome.runtime.sendMessage({ id: 1, type: 'allowAddress', data: { url }, timestamp: Date.now() });
    }, `${seed.origin}/film`);
    expect(await statusOf(own, `${seed.origin}/film`, { headers: { range: 'bytes=0-9' } })).toBe(206);
    expect(seed.requests).toEqual([{ path: '/film', range: 'bytes=0-9' }]);
    const elsewhere = await startSeedServer({ '/film': FILM });
    expect(await statusOf(own, `${elsewhere.origin}/film`)).toBe('TypeError');
    await elsewhere.close();
  });
});
