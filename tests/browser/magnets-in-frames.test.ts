import type { Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { linkPage, openUndecidedBrowser } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';
import { visitPage, type Visit } from '@/tests/support/visit-page';

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First';
const SPY = `<script>
  window.heard = [];
  addEventListener('click', (event) => { heard.push({ trusted: event.isTrusted, taken: event.defaultPrevented }); event.preventDefault(); }, true);
</script>`;
const FILM = linkPage(MAGNET) + SPY;

let site: Site;
let launched: LaunchedBrowser;

beforeAll(async () => {
  site = await serveSite((request) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/film') return FILM;
    if (pathname === '/around') return frameWith(`name="inner" src="${site.origin}/film"`);
    if (pathname === '/') return `<!doctype html><html lang="en"><title>Page</title><h1>Page</h1>${searchParams.get('frame') ?? ''}</html>`;
    return undefined;
  });
  launched = await openUndecidedBrowser();
});

afterAll(async () => {
  await launched?.close();
  await site?.close();
});

function frameWith(attributes: string): string {
  return `<iframe title="Films" width="600" height="300" ${attributes}></iframe>`;
}

/** The same server, for the browser another site: its frames live in a process of their own. */
function otherSite(path: string): string {
  return `${site.origin.replace('127.0.0.1', 'localhost')}${path}`;
}

function quoted(html: string): string {
  return html.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** A page with a frame, and the frame in it that has the link. */
async function visit(attributes: string): Promise<Visit & { readonly frame: Frame }> {
  const visited = await visitPage(launched, `${site.origin}/?frame=${encodeURIComponent(frameWith(attributes))}`);
  return { ...visited, frame: await innermostFrame(visited.page) };
}

async function innermostFrame(page: Page): Promise<Frame> {
  const frame = await page.waitForFrame(async (candidate) => {
    if (candidate === page.mainFrame() || candidate.childFrames().length > 0) return false;
    return (await candidate.$('#film')) !== null;
  });
  return frame;
}

/** A click by keyboard: the mouse finds a frame of another process only once both have painted, which nothing tells. */
async function pressEnter(page: Page, frame: Frame): Promise<void> {
  await frame.focus('#film');
  await page.keyboard.press('Enter');
}

function isPlayer(frame: Frame): boolean {
  return frame.url().startsWith(`chrome-extension://${launched.extensionId}/player.html`);
}

/** Counts who listens for keys in a frame of the page's own process, among the extension's script alone. */
async function keyListeners(page: Page, frameName: string): Promise<() => Promise<number>> {
  const session = await page.createCDPSession();
  const { frameTree } = await session.send('Page.getFrameTree');
  const frameId = frameTree.childFrames?.find(({ frame }) => frame.name === frameName)?.frame.id;
  const found = new Promise<number>((resolve) => {
    session.on('Runtime.executionContextCreated', ({ context: { id, origin, auxData } }) => {
      const { frameId: ofFrame } = auxData as { readonly frameId?: string };
      if (ofFrame === frameId && origin === `chrome-extension://${launched.extensionId}`) resolve(id);
    });
  });
  await session.send('Runtime.enable');
  const contextId = await found;
  return async () => {
    const expression = 'getEventListeners(window).keydown?.length ?? 0';
    const { result } = await session.send('Runtime.evaluate', { contextId, expression, includeCommandLineAPI: true });
    return result.value as number;
  };
}

describe('a click on a magnet link in a frame inside the page', () => {
  test.each([
    ['of the same site', () => 'src="/film"'],
    ['of another site', () => `src="${otherSite('/film')}"`],
    ['within a frame of another site', () => `src="${otherSite('/around')}"`],
    ['without an address', () => `srcdoc="${quoted(FILM)}"`],
    [
      'with a blob',
      () =>
        `onload="if (!this.src) this.src = window.URL.createObjectURL(new Blob([${quoted(JSON.stringify(FILM))}], { type: 'text/html' }))"`,
    ],
    ['in a sandbox', () => `sandbox src="${otherSite('/film')}"`],
    ['in a sandbox, with scripts', () => `sandbox="allow-scripts" src="/film"`],
    ['in a sandbox, without an address', () => `sandbox srcdoc="${quoted(FILM)}"`],
  ])('%s plays in the page itself', async (_which, attributes) => {
    const { page, probe, frame } = await visit(attributes());
    await pressEnter(page, frame);
    await probe.untilReady();
    const players = page.frames().filter(isPlayer);
    expect(players.map((player) => player.parentFrame() === page.mainFrame())).toEqual([true]);
    expect((await frame.evaluate('window.heard')) ?? []).toEqual([]);
  });

  test.each(['/film', '/around'])('counts with the keyboard, and the focus goes back to it on Esc: %s', async (path) => {
    const { page, probe, frame } = await visit(`src="${otherSite(path)}"`);
    await pressEnter(page, frame);
    await probe.untilReady();
    expect(await probe.focused()).toBe('iframe');
    await (await page.waitForFrame(isPlayer)).waitForFunction(() => document.hasFocus());
    // Not awaited: the frame ends with the key, and sometimes before it has told the debugger that it had it.
    page.keyboard.press('Escape').catch(() => undefined);
    await probe.untilClosed();
    await frame.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'film');
    await page.keyboard.press('Enter');
    await probe.untilReady();
    expect(await frame.evaluate('window.heard')).toEqual([]);
  });

  test.each(['/film', '/around'])('goes on Esc in that frame, too: %s', async (path) => {
    const { page, probe, frame } = await visit(`src="${otherSite(path)}"`);
    await pressEnter(page, frame);
    await probe.untilReady();
    await (await page.waitForFrame(isPlayer)).waitForFunction(() => document.hasFocus());
    await frame.focus('#film');
    await frame.waitForFunction(() => document.hasFocus());
    // Nothing tells when the frame has heard that there is a player.
    const isOpenAfterEscape = async (): Promise<boolean> => {
      await page.keyboard.press('Escape');
      return probe.isOpen();
    };
    await expect.poll(isOpenAfterEscape).toBe(false);
    expect(await frame.evaluate(() => document.activeElement?.id)).toBe('film');
  });

  test.each(['by its button', 'by Esc in that frame'])(
    'leaves no listener for Esc in that frame once the player is closed %s',
    async (how) => {
      const { page, probe, frame } = await visit('name="films" src="/film"');
      const listeners = await keyListeners(page, 'films');
      const before = await listeners();
      await pressEnter(page, frame);
      await probe.untilReady();
      await (await page.waitForFrame(isPlayer)).waitForFunction(() => document.hasFocus());
      await frame.focus('#film');
      await expect.poll(listeners).toBe(before + 1);
      if (how === 'by its button') await probe.click('.close');
      else await page.keyboard.press('Escape');
      await probe.untilClosed();
      await expect.poll(listeners).toBe(before);
    },
  );

  test('takes the player that is there', async () => {
    const { page, probe, frame } = await visit('src="/film"');
    await frame.click('#film');
    await probe.untilReady();
    const [before] = probe.frameUrls();
    await pressEnter(page, frame);
    await page.waitForFrame((candidate) => isPlayer(candidate) && candidate.url() !== before);
    await probe.untilReady();
    expect(probe.frameUrls()).toHaveLength(1);
  });

  test('with Alt held belongs to the frame and the system', async () => {
    const { page, probe, frame } = await visit('src="/film"');
    await page.keyboard.down('Alt');
    await frame.click('#film');
    await page.keyboard.up('Alt');
    expect(await frame.evaluate('window.heard')).toEqual([{ trusted: true, taken: false }]);
    expect(await probe.isOpen()).toBe(false);
  });

  test('goes back to the frame and the browser where no player can open in the page around it', async () => {
    const page = await launched.browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(`chrome-extension://${launched.extensionId}/options.html`);
    await page.evaluate((html) => document.body.insertAdjacentHTML('afterbegin', html), frameWith(`src="${site.origin}/film"`));
    await page.bringToFront();
    const frame = await innermostFrame(page);
    await pressEnter(page, frame);
    await frame.waitForFunction('window.heard.length > 0');
    expect(await frame.evaluate('window.heard')).toEqual([{ trusted: false, taken: false }]);
    expect(page.frames().filter(isPlayer)).toEqual([]);
  });
});
