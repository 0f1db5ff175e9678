import { TargetType, type Frame, type Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { zoomTo } from '@/tests/support/browser-zoom';
import { untilCovered, untilSeen } from '@/tests/support/cover';
import { FILM_WIDTH_PIXELS, filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import {
  linkPage,
  openBrowser,
  playerFrame,
  playerTab,
  startSeeder,
  startSignaling,
  untilPlaying,
  untilText,
  type Seeder,
  type Signaling,
} from '@/tests/support/stage';
import { serveSite, type Site, type SitePage } from '@/tests/support/static-site';
import { visitPage, type Visit } from '@/tests/support/visit-page';

/** What the viewer sees of a film on pages that are in its way (ARCHITECTURE.md has the table), each in a real browser with a real peer. */

let signaling: Signaling;
let seeder: Seeder;
let launched: LaunchedBrowser;
let site: Site;

beforeAll(async () => {
  signaling = await startSignaling();
  seeder = await startSeeder(filmPath('faststart.mp4'), signaling.url);
  launched = await openBrowser([signaling.url]);
  site = await serveSite(pagesWith(seeder.magnet));
});

afterAll(async () => {
  await site?.close();
  await launched?.close();
  await seeder?.child.stop();
  await signaling?.stop();
});

function pagesWith(magnet: string): Readonly<Record<string, SitePage | string>> {
  const body = linkPage(magnet);
  const withHeaders = (headers: Readonly<Record<string, string>>): SitePage => ({ body, headers });
  const href = magnet.replaceAll('&', '&amp;');
  return {
    '/': body,
    '/rtl': body.replace('lang="en"', 'lang="ar" dir="rtl"'),
    '/csp': withHeaders({
      'content-security-policy': "default-src 'none'; frame-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    }),
    '/coep': withHeaders({
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    }),
    '/no-features': withHeaders({ 'permissions-policy': 'autoplay=(), fullscreen=(), picture-in-picture=()' }),
    '/sandbox': withHeaders({ 'content-security-policy': 'sandbox allow-scripts' }),
    '/sandbox-of-its-own-site': withHeaders({ 'content-security-policy': 'sandbox allow-scripts allow-same-origin' }),
    '/drawing': {
      type: 'image/svg+xml',
      body: `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><a id="film" href="${href}"><rect width="200" height="100"/></a></svg>`,
    },
    '/dialog': `${body}<dialog id="dialog"><a id="film" href="${href}">In a dialog</a></dialog><script>
      document.querySelector('p').remove(); dialog.showModal();</script>`,
    '/focus-trap': `${body}<input id="field"><script>
      document.addEventListener('focusin', (event) => { if (!document.body.contains(event.target)) field.focus(); });
      document.addEventListener('focus', (event) => { if (!document.body.contains(event.target)) field.focus(); }, true);</script>`,
    '/key-stealer': `${body}<script>window.heard = [];
      for (const type of ['keydown', 'keyup', 'keypress']) {
        addEventListener(type, (event) => { heard.push(type + ' ' + event.key); event.preventDefault(); event.stopImmediatePropagation(); }, true);
      }</script>`,
  };
}

function visit(path: string): Promise<Visit> {
  return visitPage(launched, site.origin + path);
}

/** A click on the page's link; resolves once the film runs, from its beginning, for all to see. */
async function play(path: string): Promise<Visit & { readonly frame: Frame }> {
  const visited = await visit(path);
  await visited.page.locator('#film').click();
  const frame = await playerFrame(visited.page, launched.extensionId);
  await untilPlaying(frame, 0.2);
  await frame.$eval('video', (video) => (video.currentTime = 0));
  await untilSeen(frame);
  return { ...visited, frame };
}

async function expectPlayingOn(frame: Frame): Promise<void> {
  await untilSeen(frame);
  expect((await untilPlaying(frame, 0.2)).widthPixels).toBe(FILM_WIDTH_PIXELS);
}

/** What the film is put into by `act` when the page leaves no room for it. */
async function playerTabAfter(act: () => Promise<unknown>): Promise<Page> {
  const tab = await playerTab(launched, act);
  onTestFinished(() => tab.close());
  return tab;
}

function nextPlayer(page: Page, before: Frame): Promise<Frame> {
  return page.waitForFrame((frame) => frame.url().includes('/player.html#') && frame !== before);
}

/**
 * The player's last line once it has these words. Puppeteer's own calls into a frame count as the viewer's gestures, after which a film may
 * start by itself: this one does not.
 */
async function untilBarSays(words: string): Promise<string> {
  const target = await launched.browser.waitForTarget((found) => found.url().includes('/player.html#') && found.type() !== TargetType.PAGE);
  const session = await target.createCDPSession();
  const { result } = await session.send('Runtime.evaluate', {
    awaitPromise: true,
    expression: `new Promise((resolve) => {
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, characterData: true });
      function look() {
        const line = document.querySelector('.bar')?.textContent ?? '';
        if (line.includes(${JSON.stringify(words)})) resolve(line);
      }
      look();
    })`,
  });
  await session.detach();
  return result.value as string;
}

async function addStyle(page: Page, css: string): Promise<void> {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);
}

describe('the film plays over a page', () => {
  test.each(['/csp', '/coep', '/sandbox-of-its-own-site', '/rtl', '/drawing'])('%s', async (path) => {
    const { frame } = await play(path);
    await expectPlayingOn(frame);
  });

  test('that the viewer has zoomed to 400 %, with all of the overlay in the window', async () => {
    const visited = await visit('/');
    onTestFinished(() => zoomTo(launched, visited.page, 1));
    await zoomTo(launched, visited.page, 4);
    await visited.page.focus('#film');
    await visited.page.keyboard.press('Enter');
    const frame = await playerFrame(visited.page, launched.extensionId);
    await expectPlayingOn(frame);
    await visited.probe.untilBox(
      'innerWidth <= 320 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight',
    );
  });

  test.each([
    ['hides everything but by `display`', 'visibility: hidden; opacity: 0; filter: blur(9px); transform: scale(.1); clip-path: inset(50%)'],
    ['resets everything', 'all: unset; position: static; contain: strict; pointer-events: none; font-size: 1px'],
  ])('whose styles then %s', async (_what, declarations) => {
    const { page, frame, probe } = await play('/');
    await addStyle(page, `*, *::before, *::backdrop { ${declarations.replaceAll(/(?=;|$)/g, ' !important')} }`);
    await expectPlayingOn(frame);
    await probe.click('.mini');
    await probe.untilBox('box.width === 360');
    await probe.click('.mini');
    await probe.untilBox('box.width > 360');
  });

  test.each([
    [
      'lays as much as it likes on top by z-index',
      `document.documentElement.append(...[1, 2, 3].map(() => Object.assign(document.createElement('div'),
      { style: 'position: fixed; inset: 0; z-index: 2147483647; background: pink' })))`,
    ],
    ['takes the overlay out of the top layer', `for (const open of document.querySelectorAll('[popover]')) open.hidePopover()`],
    [
      'takes the overlay’s place in the top layer away',
      `for (const open of document.querySelectorAll('[popover]')) open.removeAttribute('popover')`,
    ],
    [
      'styles the overlay’s element',
      `document.querySelector('html > div').style.cssText = 'display: none !important; opacity: 0 !important; top: 999px !important'`,
    ],
  ])('that %s', async (_what, act) => {
    const { page, frame } = await play('/');
    await page.evaluate(act);
    await expectPlayingOn(frame);
  });

  test.each([
    ['inert', 'host.inert = true'],
    ['hidden', 'host.hidden = true'],
    ['hidden until found', `host.hidden = 'until-found'`],
    ['hidden from assistive programs', 'host.ariaHidden = true'],
    ['passed over by the keyboard', 'host.tabIndex = -1'],
    ['a popover that goes with the next click', `host.popover = 'auto'`],
    ['one that reads from right to left', `host.dir = 'rtl'`],
  ])('that makes the overlay’s element %s', async (_what, act) => {
    const { page, frame, probe } = await play('/');
    await frame.waitForFunction(() => document.hasFocus());
    await page.evaluate(`const host = document.querySelector('html > div'); ${act}`);
    await expectPlayingOn(frame);
    expect(await page.evaluate(`document.querySelector('html > div').getAttributeNames()`)).toEqual(['popover']);
    await page.keyboard.press('k');
    await frame.waitForFunction(() => document.querySelector('video')?.paused);
    await probe.click('.mini');
    await probe.untilBox('box.width === 360 && box.right > innerWidth - 20');
    await probe.click('.mini');
    await probe.untilBox('box.width > 360');
  });

  test('that has no synthetic click or key count', async () => {
    const { page, probe, frame } = await play('/');
    const [before] = probe.frameUrls();
    await page.evaluate(() => {
      const link = document.querySelector<HTMLElement>('#film');
      link?.addEventListener('click', (event) => event.preventDefault());
      link?.click();
      const overlay = document.querySelector('html > div');
      for (const target of [window, document.body, overlay]) {
        target?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }));
        target?.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, clientX: 1100, clientY: 20 }));
      }
    });
    await expectPlayingOn(frame);
    expect(probe.frameUrls()).toEqual([before]);
  });
});

describe('a page whose Permissions-Policy forbids autoplay, full screen and picture in picture', () => {
  test('leaves the film to a press of the viewer’s, says what else it forbids, and has the window filled', async () => {
    const { page, probe } = await visit('/no-features');
    await page.locator('#film').click();
    await probe.untilReady();
    expect(await untilBarSays('press play')).toContain('does not let films start by themselves');
    const frame = await playerFrame(page, launched.extensionId);
    // A gesture that is for something else does not start it behind the viewer's back.
    await untilSeen(frame);
    expect(await frame.$eval('video', (video) => [video.paused, video.autoplay])).toEqual([true, false]);
    await frame.locator('video').click();
    await untilPlaying(frame, 0.2);
    await page.keyboard.press('f');
    expect(await untilText(frame, '.key-hint', /full screen/)).toContain('does not allow');
    await page.keyboard.press('o');
    expect(await untilText(frame, '.key-hint', /picture in picture/)).toContain('no picture in picture here');
    await page.keyboard.press('t');
    await probe.untilBox('box.width === innerWidth && box.height === innerHeight');
    await page.keyboard.press('t');
    await probe.untilBox('box.width < innerWidth');
  });

  test('has the film in a tab, with all of that', async () => {
    const { page, probe } = await visit('/no-features');
    await page.locator('#film').click();
    await probe.untilReady();
    const tab = await playerTabAfter(() => probe.click('.tab'));
    await probe.untilClosed();
    await expectPlayingOn(tab.mainFrame());
    await tab.keyboard.press('f');
    await tab.waitForFunction(() => document.fullscreenElement?.className === 'stage');
  });
});

describe('a page that lays something over the player in the top layer', () => {
  test.each([
    ['a popover', 'popover', `bait.popover = 'manual'; bait.showPopover()`],
    ['a modal dialog', 'dialog', 'bait.showModal()'],
  ])('by %s is what the viewer sees, until that goes', async (_what, kind, show) => {
    const { page, frame, probe } = await play('/');
    await page.evaluate(`
      window.bait = document.createElement('${kind === 'dialog' ? 'dialog' : 'div'}');
      bait.textContent = 'Our cookies';
      document.body.append(bait);
      ${show};`);
    await untilCovered(frame);
    await untilPlaying(frame, 0.2);
    await page.evaluate('bait.remove()');
    await expectPlayingOn(frame);
    // Esc, in the page, is the player's first.
    await page.focus('#film');
    await page.keyboard.press('Escape');
    await probe.untilClosed();
  });
});

describe('a film that the page leaves no room', () => {
  test('is put back when the page throws it out, and plays in a tab when it does so again', async () => {
    const { page, frame } = await play('/');
    await page.evaluate(`document.querySelector('html > div').remove()`);
    await expectPlayingOn(await nextPlayer(page, frame));
    const tab = await playerTabAfter(() => page.evaluate(`document.querySelector('html > div').remove()`));
    await expectPlayingOn(tab.mainFrame());
    expect(await page.evaluate(`document.querySelector('html > div')`)).toBeNull();
  });

  test.each([['* { display: none !important; }'], ['html { content-visibility: hidden !important; }']])(
    'plays in a tab: %s',
    async (css) => {
      const { page, probe } = await play('/');
      const tab = await playerTabAfter(() => addStyle(page, css));
      await expectPlayingOn(tab.mainFrame());
      expect(await probe.isOpen()).toBe(false);
    },
  );

  test('plays in a tab when the page makes it inert each time anew', async () => {
    const { page } = await play('/');
    const tab = await playerTabAfter(() =>
      page.evaluate(`
        const host = document.querySelector('html > div');
        new MutationObserver(() => { if (!host.inert) host.inert = true; }).observe(host, { attributes: true });
        host.inert = true;`),
    );
    await expectPlayingOn(tab.mainFrame());
  });

  test('plays in a tab once the viewer says so, on a page in a sandbox', async () => {
    const { page, probe } = await visit('/sandbox');
    await page.locator('#film').click();
    expect(await probe.untilNotice('does not allow the player')).toContain('Play in a tab');
    const tab = await playerTabAfter(() => probe.click('.notice button'));
    await expectPlayingOn(tab.mainFrame());
  });
});

test('a link in a modal dialog plays with all of its buttons and keys, and plays on once the dialog is closed', async () => {
  const { page, probe, frame } = await play('/dialog');
  await probe.click('.mini');
  await probe.untilBox('box.width === 360');
  await probe.click('.mini');
  await frame.focus('button[aria-label="Files"]');
  await page.keyboard.press('k');
  await frame.waitForFunction(() => document.querySelector('video')?.paused);
  await page.evaluate('dialog.close()');
  await expectPlayingOn(await nextPlayer(page, frame));
  expect(await page.evaluate(`document.querySelectorAll('dialog > div').length`)).toBe(0);
});

test('a page that fetches the focus back leaves the player its keys', async () => {
  const { page, frame } = await play('/focus-trap');
  await frame.waitForFunction(() => document.hasFocus());
  await page.keyboard.press('k');
  await frame.waitForFunction(() => document.querySelector('video')?.paused);
});

test('a page that takes every key gets none of the player’s, and Esc closes the player all the same', async () => {
  const { page, probe, frame } = await play('/key-stealer');
  await frame.waitForFunction(() => document.hasFocus());
  await page.keyboard.press('k');
  await frame.waitForFunction(() => document.querySelector('video')?.paused);
  expect(await page.evaluate('heard')).toEqual([]);
  await page.focus('#film');
  await page.keyboard.press('Escape');
  await probe.untilClosed();
  expect(await page.evaluate('heard')).not.toContain('keydown Escape');
});
