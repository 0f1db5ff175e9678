import { TargetType, type Page, type WebWorker } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chooseMenuEntry, serviceWorker } from '@/tests/support/choose-menu-entry';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import type { OverlayProbe } from '@/tests/support/overlay-probe';
import { openUndecidedBrowser, playerTab } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';
import { visitPage, type Visit } from '@/tests/support/visit-page';

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First';

let site: Site;
let launched: LaunchedBrowser;
let worker: WebWorker;

beforeAll(async () => {
  const text = MAGNET.replaceAll('&', '&amp;');
  const inner = `<p id="inner">Inner: ${text} <a href="${text}">Film</a></p>`;
  site = await serveSite({
    '/': `<!doctype html><html lang="en"><title>Films</title><p><button id="before">Button</button> <a id="film" href="${text}">Film</a> <a id="ordinary" href="/other">Other</a>
      <a id="torrent" href="/film.Torrent?id=1">Torrent</a></p>
      <p id="text">Watch (${text}).</p><p id="plain">Nothing here</p><p><textarea id="field">A link: ${text}</textarea></p>
      <iframe title="Inner" srcdoc="${inner.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe></html>`,
    '/other': '<!doctype html><html lang="en"><title>Other</title><p>Other</p></html>',
  });
  launched = await openUndecidedBrowser();
  worker = await serviceWorker(launched.browser);
});

afterAll(async () => {
  await launched?.close();
  await site?.close();
});

function visit(path = '/'): Promise<Visit> {
  return visitPage(launched, site.origin + path);
}

/** The link that the player in the tab was opened with. */
async function playedMagnet(page: Page, probe: OverlayProbe): Promise<unknown> {
  await probe.untilReady();
  const player = await page.waitForFrame((frame) => frame.url().startsWith(`chrome-extension://${launched.extensionId}/player.html`));
  const [url = ''] = probe.frameUrls();
  return player.evaluate(
    (token) => chrome.runtime.sendMessage<unknown, unknown>({ id: 1, type: 'redeemToken', data: { token }, timestamp: Date.now() }),
    new URL(url).hash.slice(1),
  );
}

test.each(['link', 'selection'])('the browser took the entry %s', async (id) => {
  expect(await worker.evaluate(async (entry) => chrome.contextMenus.update(entry, {}), id)).toBeUndefined();
  await expect(worker.evaluate(async (entry) => chrome.contextMenus.update(entry, {}), `${id}-not`)).rejects.toThrow('Cannot find');
});

test('private windows have entries of their own, beside those of the others', async () => {
  const both = await launchBrowser({ inPrivateWindows: true });
  onTestFinished(() => both.close());
  const context = await both.browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(site.origin);
  // Starts the service worker of the private windows.
  await page.hover('#film');
  for (const owner of [both.browser.defaultBrowserContext(), context]) {
    const target = await owner.waitForTarget((candidate) => candidate.type() === TargetType.SERVICE_WORKER);
    const found = await target.worker();
    expect(await found?.evaluate(() => chrome.extension.inIncognitoContext)).toBe(owner === context);
    expect(await found?.evaluate(async () => chrome.contextMenus.update('link', {}))).toBeUndefined();
  }
});

describe('an entry chosen in the menu', () => {
  test('of a magnet link plays it over the page, and the focus goes back to where it was', async () => {
    const { page, probe } = await visit();
    await page.focus('#before');
    await chooseMenuEntry(worker, { menuItemId: 'link', linkUrl: `${MAGNET}'s` });
    expect(await playedMagnet(page, probe)).toMatchObject({ res: { magnet: `${MAGNET}'s` } });
    await probe.click('.close');
    await probe.untilClosed();
    expect(await page.evaluate('document.activeElement.id')).toBe('before');
  });

  test('of marked text plays the link in it', async () => {
    const { page, probe } = await visit();
    await chooseMenuEntry(worker, { menuItemId: 'selection', selectionText: `Watch (${MAGNET}).` });
    expect(await playedMagnet(page, probe)).toMatchObject({ res: { magnet: MAGNET } });
  });

  test('plays in a tab of its own where the page cannot be played over', async () => {
    const page = await launched.browser.newPage();
    onTestFinished(() => page.close());
    await page.goto('about:blank');
    await page.goto(`chrome-extension://${launched.extensionId}/options.html`);
    await page.bringToFront();
    const tab = await playerTab(launched, () => chooseMenuEntry(worker, { menuItemId: 'link', linkUrl: MAGNET }));
    onTestFinished(() => tab.close());
    await tab.waitForSelector('[data-view-state="awaiting-consent"]');
  });
});

/** Calls of the browser that show or hide an entry, from now on. */
async function spyOnEntries(): Promise<() => Promise<string>> {
  await worker.evaluate(() => {
    const { update } = chrome.contextMenus;
    const calls: string[] = [];
    const waiting: (() => void)[] = [];
    const spied = (id: string, change: Parameters<typeof update>[1]): Promise<void> => {
      calls.push(`${id}: ${change.visible ? 'shown' : 'hidden'}`);
      waiting.shift()?.();
      return update(id, change);
    };
    chrome.contextMenus.update = spied as typeof update;
    Object.assign(globalThis, {
      nextCall: async () => {
        if (calls.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
        return calls.shift();
      },
      endSpying: () => {
        chrome.contextMenus.update = update;
      },
    });
  });
  onTestFinished(async () => worker.evaluate('endSpying()') as Promise<void>);
  return async () => worker.evaluate('nextCall()') as Promise<string>;
}

describe('the entry for links', () => {
  test('is shown while the pointer is upon a magnet link', async () => {
    const { page } = await visit();
    const nextCall = await spyOnEntries();
    await page.hover('#film');
    expect(await nextCall()).toBe('link: shown');
    await page.hover('#ordinary');
    expect(await nextCall()).toBe('link: hidden');
    await page.hover('#torrent');
    expect(await nextCall()).toBe('link: shown');
    await page.hover('#ordinary');
    expect(await nextCall()).toBe('link: hidden');
    await page.focus('#film');
    expect(await nextCall()).toBe('link: shown');
    await page.focus('#before');
    expect(await nextCall()).toBe('link: hidden');
  });

  test('is hidden once the pointer leaves the frame, and with the page', async () => {
    const { page } = await visit();
    const nextCall = await spyOnEntries();
    const frame = await page.waitForFrame(async (candidate) => (await candidate.$('#inner')) !== null);
    await frame.hover('#inner a');
    expect(await nextCall()).toBe('link: shown');
    await page.hover('#ordinary');
    expect(await nextCall()).toBe('link: hidden');
    await page.hover('#film');
    expect(await nextCall()).toBe('link: shown');
    await page.goto(`${site.origin}/other`);
    expect(await nextCall()).toBe('link: hidden');
  });
});

describe('the entry for marked text', () => {
  test.each([
    ['of the page', `getSelection().selectAllChildren(document.querySelector('#text'))`],
    ['of a field', `document.querySelector('#field').focus(), document.querySelector('#field').select()`],
  ])('is shown while text with a magnet link is marked: %s', async (_where, mark) => {
    const { page } = await visit();
    const nextCall = await spyOnEntries();
    await page.evaluate(`getSelection().selectAllChildren(document.querySelector('#plain'))`);
    await page.evaluate(mark);
    expect(await nextCall()).toBe('selection: shown');
    await page.evaluate(`document.querySelector('#field').blur(), getSelection().selectAllChildren(document.querySelector('#plain'))`);
    expect(await nextCall()).toBe('selection: hidden');
  });

  test('is shown for text of a frame inside the page', async () => {
    const { page } = await visit();
    const nextCall = await spyOnEntries();
    const frame = await page.waitForFrame(async (candidate) => (await candidate.$('#inner')) !== null);
    await frame.evaluate(`getSelection().selectAllChildren(document.querySelector('#inner'))`);
    expect(await nextCall()).toBe('selection: shown');
  });

  test('is hidden while the viewer is elsewhere, and with the page', async () => {
    const { page } = await visit();
    const nextCall = await spyOnEntries();
    await page.evaluate(`getSelection().selectAllChildren(document.querySelector('#text'))`);
    expect(await nextCall()).toBe('selection: shown');
    await visit('/other');
    expect(await nextCall()).toBe('selection: hidden');
    await page.bringToFront();
    expect(await nextCall()).toBe('selection: shown');
    await page.goto(`${site.origin}/other`);
    expect(await nextCall()).toBe('selection: hidden');
  });
});
