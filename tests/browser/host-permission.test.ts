import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantHost, restrictHosts } from '@/tests/support/extensions-page';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { serveSite, type Site } from '@/tests/support/static-site';

/*
 * What Chromium lets the extension read of servers that send no CORS headers. The content script for all pages counts as access to all
 * hosts, until the viewer restricts it on the extension's own page; then a permission for one host lifts CORS for that host alone.
 */

let site: Site;
let launched: LaunchedBrowser;
let own: Page;
let port: string;

beforeAll(async () => {
  site = await serveSite({ '/closed': 'x', '/open': { body: 'x', headers: { 'access-control-allow-origin': '*' } } });
  ({ port } = new URL(site.origin));
  launched = await launchBrowser({ args: ['--host-resolver-rules=MAP *.example 127.0.0.1'] });
  own = await launched.browser.newPage();
  await own.goto(`chrome-extension://${launched.extensionId}/options.html`);
});

afterAll(async () => {
  await launched?.close();
  await site?.close();
});

function canRead(host: string, path: string): Promise<boolean> {
  return own.evaluate(async (url) => {
    try {
      return (await fetch(url, { headers: { range: 'bytes=0-0' }, redirect: 'error' })).ok;
    } catch {
      return false;
    }
  }, `http://${host}:${port}${path}`);
}

describe('web servers without CORS headers', () => {
  test('can be read as long as the viewer leaves the extension all sites', async () => {
    expect(await canRead('seed.example', '/closed')).toBe(true);
  });

  test('cannot be read once the viewer has restricted it, but servers with those headers can', async () => {
    await restrictHosts(launched);
    expect(await canRead('seed.example', '/closed')).toBe(false);
    expect(await canRead('seed.example', '/open')).toBe(true);
  });

  test('can be read again where the viewer grants it, and nowhere else', async () => {
    await grantHost(launched, 'http://seed.example/*');
    expect(await canRead('seed.example', '/closed')).toBe(true);
    expect(await canRead('other.example', '/closed')).toBe(false);
  });
});
