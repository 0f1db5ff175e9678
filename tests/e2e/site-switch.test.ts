import type { Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { openBrowser, serveLinkPage } from '@/tests/support/stage';

const MAGNET = `magnet:?xt=urn:btih:${'a'.repeat(40)}&dn=Film`;

async function openSite() {
  const launched = await openBrowser([]);
  onTestFinished(() => launched.close());
  const site = await serveLinkPage(MAGNET);
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  // What the page would do with a click; it stands in for the system's own handler.
  await page.$eval('#film', (link) => {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      document.title = `${document.title}, heard`;
    });
  });
  const options = await launched.browser.newPage();
  await options.goto(`chrome-extension://${launched.extensionId}/options.html`);
  return { launched, page, options };
}

async function click(page: Page): Promise<void> {
  await page.bringToFront();
  await page.locator('#film').click();
}

function heard(page: Page): Promise<unknown> {
  return page.waitForFunction(() => document.title.endsWith('heard'));
}

test('a site that is left alone keeps its clicks, until it is not left alone any more', async () => {
  const { page, options } = await openSite();
  const field = '#silent-sites input[type="text"]';
  await options.locator(field).fill('not a site');
  await options.locator('#silent-sites form button').click();
  await options.waitForSelector('#silent-sites ::-p-text(Write the name of a site)');
  await options.locator(field).fill(page.url());
  await options.locator('#silent-sites form button').click();
  await options.waitForSelector('[data-site="127.0.0.1"]');
  await click(page);
  await heard(page);
  expect(page.frames()).toHaveLength(1);

  await options.bringToFront();
  await options.locator('[data-site="127.0.0.1"] button').click();
  await options.waitForSelector('[data-site="127.0.0.1"]', { hidden: true });
  await page.reload();
  await click(page);
  await page.waitForFrame((frame) => frame.url().includes('/player.html'));
});

test('with clicks switched off altogether every page keeps its own', async () => {
  const { page, options } = await openSite();
  await options.locator('#play-on-click').click();
  await options.waitForSelector('#play-on-click:not(:checked)');
  await options.waitForFunction(async () => {
    const { settings } = await chrome.storage.local.get<{ settings?: { playOn?: string } }>('settings');
    return settings?.playOn === 'menu';
  });
  await click(page);
  await heard(page);
  expect(page.frames()).toHaveLength(1);
});

test('the popup has a switch for the site it was opened on', async () => {
  const { launched, page, options } = await openSite();
  await page.bringToFront();
  // A tab in the background draws nothing, so nobody may wait for its next picture.
  await options.waitForFunction(
    async () => {
      const [[active], own] = await Promise.all([chrome.tabs.query({ active: true, currentWindow: true }), chrome.tabs.getCurrent()]);
      return active !== undefined && active.id !== own?.id;
    },
    { polling: 100 },
  );
  const opening = launched.browser.waitForTarget((target) => target.url().endsWith('/popup.html'));
  await options.evaluate(() => chrome.action.openPopup());
  const popup = await (await opening).asPage();
  await popup.locator('.site-switch[data-site="127.0.0.1"] [role="switch"]').click();
  await options.waitForFunction(() => document.querySelector('[data-site="127.0.0.1"]') !== null, { polling: 'mutation' });
  await click(page);
  await heard(page);
});
