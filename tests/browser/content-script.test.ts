import type { Frame, KeyInput, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseMagnet } from '@/src/protocol/magnet';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { openUndecidedBrowser, playerTab } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';
import { visitPage, type Visit } from '@/tests/support/visit-page';

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First';
const SECOND = 'magnet:?xt=urn:btih:d12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=Second';
/** The same info hash in base32. */
const BASE32 = 'magnet:?xt=urn:btih:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK&dn=First';
const V2 = `magnet:?xt=urn:btmh:1220${'ab'.repeat(32)}&dn=First`;
const LINK_COUNT = 10_000;

/** Listens as early and as widely as a page can, keeps what it heard, and stops the browser from following the links. */
const SPY = `<script>
  window.heard = [];
  for (const type of ['click', 'auxclick']) {
    window.addEventListener(type, (event) => { window.heard.push({ type, trusted: event.isTrusted, taken: event.defaultPrevented }); event.preventDefault(); }, true);
  }
  window.shifts = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
</script>`;
const FILMS = `<!doctype html><html lang="en"><head><title>Films</title>${SPY}
  <style>p { color: rgb(1, 2, 3); } div { display: none !important; } iframe { visibility: hidden !important; }</style></head>
  <body><h1>Films</h1><p><a id="film" href="${MAGNET}">Watch the film</a></p><p><a id="second" href="${SECOND}"><b id="inner">Another</b></a></p>
  <p><a id="loud" href="  MAGNET:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a">Upper case</a></p><p><a id="page" href="#top">An ordinary link</a></p>
  <section id="later"></section></body></html>`;

const ENCODED = encodeURIComponent(MAGNET);
/** Elements that lead to the film by other means than a plain link, and, from `other` on, elements that only look like it. */
const DISGUISED = `<!doctype html><html lang="en"><head><title>Disguised</title>${SPY}
  <script>window.ran = []; document.addEventListener('click', (event) => window.ran.push(event.target.id), true);</script></head>
  <body data-url="${MAGNET}" onclick="window.ran.push('body')">
  <p><a id="encoded" href="${ENCODED}">Encoded as a whole</a> <a id="escaped" href="${MAGNET.replaceAll('&', '&amp;amp;')}">Escaped twice</a>
  <a id="capitals" href="${MAGNET.replace(/btih:.+?&/, (hash) => hash.toUpperCase())}">Capitals</a> <a id="base32" href="${BASE32}">Base32</a>
  <a id="v2" href="${V2}">Version 2</a>
  <a id="hash" href="#" data-href="${MAGNET}">Leads nowhere</a> <a id="script" href="javascript:void 0" data-url="${MAGNET}">Script</a>
  <a id="written" href="javascript:window.open('${MAGNET}')">Written</a>
  <button id="button" data-magnet="${ENCODED}">Button</button> <span id="span" data-link=" ${MAGNET} ">Span</span>
  <button data-magnet="${MAGNET}"><i><b id="icon">Icon</b></i></button>
  <svg width="90" height="20"><a href="${MAGNET}"><text id="drawn" y="15">Drawn</text></a></svg>
  <button id="location" onclick="window.ran.push('handler'); location.href='${MAGNET}'">Location</button>
  <a id="open" href="/elsewhere" onclick="window.open('${MAGNET}'); return false">Open</a></p>
  <form><input name="matches" hidden><input name="getAttribute" hidden><i data-link="${MAGNET}"><b id="named">In a form</b></i></form>
  <form><input name="matches" hidden><input name="attributes" hidden><b id="unnamed">In a form</b></form>
  <p data-url="${MAGNET}"><button id="other">A button of its own</button> <a id="elsewhere" href="#there">Leads elsewhere</a> <input id="field" type="checkbox">
  <i><i><i><i id="deep">Too deep</i></i></i></i></p>
  <p><button id="copy" data-clipboard-text="${MAGNET}">Copy</button> <button id="words" data-text="Copy ${MAGNET}">Words</button>
  <a id="details" href="/details" data-magnet="${MAGNET}">Details</a> <button id="asked" onclick="window.ran.push('${MAGNET}')">Asked</button> <b id="text">Text</b></p>
  </body></html>`;

function manyLinks(count: number): string {
  const links = Array.from({ length: count }, (_, index) => `<li><a href="${MAGNET}${index}">Film ${index}</a></li>`);
  return `<!doctype html><html lang="en"><title>Many</title><ul>${links.join('')}</ul></html>`;
}

let site: Site;
let launched: LaunchedBrowser;

beforeAll(async () => {
  site = await serveSite({
    '/': FILMS,
    '/disguised': DISGUISED,
    '/ten': manyLinks(10),
    '/many': manyLinks(LINK_COUNT),
    '/csp': { body: FILMS, headers: { 'content-security-policy': "default-src 'none'; frame-src 'none'" } },
    '/coep': {
      body: FILMS,
      headers: { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin', 'x-frame-options': 'DENY' },
    },
    '/sandbox': { body: FILMS, headers: { 'content-security-policy': 'sandbox' } },
    '/sandbox-with-scripts': { body: FILMS, headers: { 'content-security-policy': 'sandbox allow-scripts' } },
  });
  launched = await openUndecidedBrowser();
});

afterAll(async () => {
  await launched?.close();
  await site?.close();
});

function visit(path = '/'): Promise<Visit> {
  return visitPage(launched, site.origin + path);
}

/** Esc as soon as the player itself has the keyboard: the focus crosses into another process. */
async function pressEscapeInPlayer(page: Page): Promise<void> {
  const player = await page.waitForFrame(isPlayer);
  await player.waitForFunction(() => document.hasFocus());
  // Not awaited: the frame ends with the key, and sometimes before it has told the debugger that it had it.
  page.keyboard.press('Escape').catch(() => undefined);
}

function isPlayer(frame: Frame): boolean {
  return frame.url().startsWith(`chrome-extension://${launched.extensionId}/player.html`);
}

/** Asks the service worker as the page at hand would, past our own code. */
function ask(context: Page | Frame, type: string, data: unknown): Promise<unknown> {
  return context.evaluate(
    (type, data) => chrome.runtime.sendMessage<unknown, unknown>({ id: 1, type, data, timestamp: Date.now() }),
    type,
    data,
  );
}

function tokenOf(url: string | undefined): string {
  return new URL(url ?? '').hash.slice(1);
}

describe('a click on a magnet link', () => {
  test('opens the overlay before any answer, and the page never hears of it', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    // The click has only just been handled: nothing was waited for.
    expect(await probe.isOpen()).toBe(true);
    await probe.untilReady();
    expect(await page.evaluate('window.heard')).toEqual([]);
  });

  test.each(['#second', '#loud', '#inner'])('works on %s', async (selector) => {
    const { page, probe } = await visit();
    await page.click(selector);
    await probe.untilReady();
    expect(probe.frameUrls()).toHaveLength(1);
  });

  test('works on links added later, also inside an open shadow root', async () => {
    const { page, probe } = await visit();
    for (const place of ['document', 'shadow root']) {
      await page.evaluate(
        (href, place) => {
          const later = document.querySelector('#later');
          const holder = document.createElement('span');
          later?.replaceChildren(holder);
          const root = place === 'document' ? holder : holder.attachShadow({ mode: 'open' });
          root.innerHTML = '<a style="display: block">Later</a>';
          root.querySelector('a')?.setAttribute('href', href);
        },
        SECOND,
        place,
      );
      await page.click('#later');
      await probe.untilReady();
      await pressEscapeInPlayer(page);
      await probe.untilClosed();
    }
    expect(await page.evaluate('window.heard')).toEqual([]);
  });

  test('Enter on a focused link is a click', async () => {
    const { page, probe } = await visit();
    await page.focus('#film');
    await page.keyboard.press('Enter');
    await probe.untilReady();
    expect(probe.frameUrls()).toHaveLength(1);
  });

  test.each(['Alt', 'Control', 'Shift', 'Meta'] satisfies KeyInput[])('with %s held belongs to the page and the system', async (key) => {
    const { page, probe } = await visit();
    await page.keyboard.down(key);
    await page.click('#film');
    await page.keyboard.up(key);
    expect(await page.evaluate('window.heard')).toEqual([{ type: 'click', trusted: true, taken: false }]);
    expect(await probe.isOpen()).toBe(false);
  });

  test('with the middle button belongs to the page and the system', async () => {
    const { page, probe } = await visit();
    await page.click('#film', { button: 'middle' });
    expect(await page.evaluate('window.heard')).toEqual([{ type: 'auxclick', trusted: true, taken: false }]);
    expect(await probe.isOpen()).toBe(false);
  });

  test('by a script opens nothing', async () => {
    const { page, probe } = await visit();
    await page.evaluate(`document.querySelector('#film').click()`);
    await page.evaluate(
      `document.querySelector('#film').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }))`,
    );
    expect(await page.evaluate('window.heard')).toEqual([
      { type: 'click', trusted: false, taken: false },
      { type: 'click', trusted: false, taken: false },
    ]);
    expect(await probe.isOpen()).toBe(false);
  });

  test('on any other link is none of ours', async () => {
    const { page, probe } = await visit();
    await page.click('#page');
    expect(await page.evaluate('window.heard')).toEqual([{ type: 'click', trusted: true, taken: false }]);
    expect(await probe.isOpen()).toBe(false);
  });
});

describe('a click on what leads to a magnet link without being a plain link', () => {
  test.each([
    'encoded',
    'escaped',
    'capitals',
    'base32',
    'v2',
    'hash',
    'script',
    'written',
    'button',
    'named',
    'span',
    'icon',
    'drawn',
    'location',
    'open',
  ])('opens the player and runs nothing of the page: %s', async (id) => {
    const { page, probe } = await visit('/disguised');
    await page.click(`#${id}`);
    await probe.untilReady();
    expect(await page.evaluate('[window.heard, window.ran, location.pathname]')).toEqual([[], [], '/disguised']);
    const player = await page.waitForFrame(isPlayer);
    const [url] = probe.frameUrls();
    const answer = await ask(player, 'redeemToken', { token: tokenOf(url) });
    const { magnet = '' } = (answer as { readonly res: { readonly magnet?: string } }).res;
    const infoHash = id === 'v2' ? 'ab'.repeat(20) : 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a';
    expect(parseMagnet(magnet)).toMatchObject({ ok: true, magnet: { name: 'First', infoHash } });
  });

  test.each(['other', 'elsewhere', 'field', 'deep', 'copy', 'words', 'details', 'asked', 'text', 'unnamed'])(
    'is left to the page: %s',
    async (id) => {
      const { page, probe } = await visit('/disguised');
      await page.click(`#${id}`);
      expect(await page.evaluate('window.heard')).toEqual([{ type: 'click', trusted: true, taken: false }]);
      expect(await page.evaluate('window.ran')).toContain(id);
      expect(await probe.isOpen()).toBe(false);
    },
  );

  test('is left to the page when it marks text', async () => {
    const { page, probe } = await visit('/disguised');
    const box = await (await page.waitForSelector('#span'))?.boundingBox();
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    await page.mouse.move(x + 1, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 1, y + height / 2);
    await page.mouse.up();
    expect(await page.evaluate('String(getSelection())')).toContain('pa');
    expect(await page.evaluate('window.heard')).toEqual([{ type: 'click', trusted: true, taken: false }]);
    expect(await probe.isOpen()).toBe(false);
  });
});

describe('the overlay', () => {
  test('moves the focus in, and back to the link on Esc', async () => {
    const { page, probe } = await visit();
    await page.focus('#film');
    await page.keyboard.press('Enter');
    expect(await probe.focused()).toBe('button.close');
    await page.keyboard.press('Escape');
    expect(await probe.isOpen()).toBe(false);
    expect(await page.evaluate('document.activeElement.id')).toBe('film');
  });

  test('closes by its button', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    await probe.untilReady();
    await probe.click('.close');
    await probe.untilClosed();
    expect(page.frames().filter(isPlayer)).toEqual([]);
  });

  test('closes on Esc in the player, which has the focus once it runs', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    await probe.untilReady();
    expect(await probe.focused()).toBe('iframe');
    await pressEscapeInPlayer(page);
    await probe.untilClosed();
    expect(await page.evaluate('document.activeElement.id')).toBe('film');
  });

  test('is one a tab: the next click plays its film there', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    await probe.untilReady();
    const [before] = probe.frameUrls();
    // The overlay covers the link for the mouse.
    await page.focus('#second');
    await page.keyboard.press('Enter');
    await probe.untilReady();
    const after = probe.frameUrls();
    expect(after).toHaveLength(1);
    expect(after[0]).not.toBe(before);
    expect(await page.evaluate(`document.querySelectorAll('html > div').length`)).toBe(1);
  });

  test('opens anew when the page threw it out', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    await probe.untilReady();
    await page.evaluate(`document.querySelector('html > div').remove()`);
    await page.click('#film');
    await probe.untilReady();
    expect(probe.frameUrls()).toHaveLength(1);
  });

  test('leaves globals, layout and styles of the page alone', async () => {
    const { page, probe } = await visit();
    // The outline follows the focus, which belongs into the overlay while it is open.
    const state = `({
      globals: Object.getOwnPropertyNames(window).sort().join(),
      boxes: [...document.querySelectorAll('body, body *')].map((element) => JSON.stringify(element.getBoundingClientRect())),
      styles: [...document.querySelectorAll('html, body, body *')].map((element) => { const style = getComputedStyle(element);
        return [...style].filter((name) => !name.startsWith('outline')).map((name) => name + ':' + style.getPropertyValue(name)).join('; '); }),
      sheets: [document.styleSheets.length, document.adoptedStyleSheets.length],
      attributes: [...document.documentElement.attributes, ...document.body.attributes].map((attribute) => attribute.name + attribute.value),
      scroll: [scrollX, scrollY, document.documentElement.scrollWidth, document.documentElement.scrollHeight],
      markup: [document.head.innerHTML, document.body.innerHTML],
    })`;
    await page.focus('#film');
    const before = await page.evaluate(state);
    await page.keyboard.press('Enter');
    await probe.untilReady();
    expect(await page.evaluate(state)).toEqual(before);
    await pressEscapeInPlayer(page);
    await probe.untilClosed();
    expect(await page.evaluate(state)).toEqual(before);
    expect(await page.evaluate('window.shifts')).toBe(0);
    expect(await page.evaluate('document.documentElement.children.length')).toBe(2);
  });

  test('cannot be reached by the page', async () => {
    const { page, probe } = await visit();
    await page.evaluate(`
      window.caught = [];
      for (const [owner, name] of [[Element.prototype, 'attachShadow'], [Element.prototype, 'append'], [Document.prototype, 'createElementNS'], [HTMLElement.prototype, 'showPopover']]) {
        const original = owner[name];
        owner[name] = function (...given) { window.caught.push(name); return original.apply(this, given); };
      }
      addEventListener('message', (event) => window.caught.push('message'));
      document.addEventListener('securitypolicyviolation', () => window.caught.push('violation'));
    `);
    await page.click('#film');
    await probe.untilReady();
    expect(
      await page.evaluate(`({
        root: document.querySelector('html > div').shadowRoot,
        frames: [window.length, document.querySelectorAll('iframe').length],
        resources: performance.getEntriesByType('resource').filter((entry) => entry.name.startsWith('chrome-extension')).length,
        caught: window.caught,
        focused: document.activeElement.localName,
      })`),
    ).toEqual({ root: null, frames: [0, 0], resources: 0, caught: [], focused: 'div' });
  });
});

describe('pages that restrict what they embed', () => {
  test.each(['/csp', '/coep'])('%s hosts the player', async (path) => {
    const { page, probe } = await visit(path);
    await page.click('#film');
    await probe.untilReady();
    expect(page.frames().filter(isPlayer)).toHaveLength(1);
  });

  test.each(['/sandbox', '/sandbox-with-scripts'])('%s cannot, and the shell offers a tab instead', async (path) => {
    const { page, probe } = await visit(path);
    await page.click('#film');
    expect(await probe.untilNotice('does not allow the player')).toContain('Play in a tab');
    const tab = await playerTab(launched, () => probe.click('.notice button'));
    await tab.waitForSelector('[data-view-state="awaiting-consent"]');
    expect(tokenOf(tab.url())).toMatch(/^[\w-]{22}$/);
    expect(await probe.isOpen()).toBe(false);
    await tab.reload();
    await tab.waitForSelector('[data-view-state="awaiting-consent"]');
    await tab.close();
  });
});

describe('the token of a player', () => {
  test('is refused in another tab and in another frame of its own, and taken again after a reload of the frame', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    await probe.untilReady();
    const [url = ''] = probe.frameUrls();
    const token = tokenOf(url);

    const elsewhere = await launched.browser.newPage();
    await elsewhere.goto(url);
    expect(await ask(elsewhere, 'redeemToken', { token })).toEqual({ res: { refused: { name: 'playerElsewhere', values: {} } } });
    await elsewhere.close();

    await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src, name: 'thief' })), url);
    const thief = await page.waitForFrame(
      (frame) => isPlayer(frame) && frame.parentFrame() === page.mainFrame() && frame.name() === 'thief',
    );
    await thief.waitForSelector('[data-view-state="refused"]');
    expect(await ask(thief, 'redeemToken', { token })).toEqual({
      res: { refused: { name: 'playerOpenAlready', values: {} } },
    });

    const player = page.frames().find((frame) => isPlayer(frame) && frame !== thief);
    expect(await player?.evaluate('location.reload()')).toBeUndefined();
    const reloaded = await page.waitForFrame((frame) => isPlayer(frame) && frame.name() !== 'thief');
    await reloaded.waitForSelector('[data-view-state="awaiting-consent"]');
    expect(await ask(reloaded, 'redeemToken', { token })).toEqual({ res: { magnet: MAGNET, clickedAtMs: expect.any(Number) as number } });
  });

  test('survives the service worker', async () => {
    const { page, probe } = await visit();
    await page.click('#film');
    await probe.untilReady();
    const [url] = probe.frameUrls();
    const session = await page.createCDPSession();
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    const player = await page.waitForFrame(isPlayer);
    expect(await ask(player, 'redeemToken', { token: tokenOf(url) })).toMatchObject({ res: { magnet: MAGNET } });
  });

  test('without one the player is inert', async () => {
    const { page } = await visit();
    await page.evaluate(
      (src) => document.body.append(Object.assign(document.createElement('iframe'), { src })),
      `chrome-extension://${launched.extensionId}/player.html`,
    );
    const frame = await page.waitForFrame(isPlayer);
    await frame.waitForSelector('[data-view-state="refused"]');
    expect(await frame.$$('video')).toEqual([]);
    expect(launched.browser.targets().filter((target) => target.url().endsWith('/offscreen.html'))).toEqual([]);
  });

  test.each([
    ['a player cannot register one', 'registerPlayer', { magnet: MAGNET, clickedAtMs: 1 }, 'Only a web page itself'],
    ['a token that is none is turned down', 'redeemToken', { token: '../../x' }, 'A token is 22 characters'],
    ['a link beyond 64 KiB is turned down', 'openPlayerTab', { magnet: 'm'.repeat(65_537), clickedAtMs: 1 }, 'Invalid length'],
  ])('%s', async (_title, type, data, sentence) => {
    const page = await launched.browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(`chrome-extension://${launched.extensionId}/player.html`);
    expect(await ask(page, type, data)).toMatchObject({ err: { message: expect.stringContaining(sentence) as string } });
  });
});

test('ten thousand links cost what ten cost', async () => {
  const figures: Record<string, Readonly<Record<string, number>>> = {};
  for (const path of ['/ten', '/many']) {
    const { page, probe } = await visit('/none');
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    await page.goto(site.origin + path);
    const { metrics } = await session.send('Performance.getMetrics');
    const figure = (figures[path] = Object.fromEntries(metrics.map(({ name, value }) => [name, value])));
    await page.click('li:last-child a');
    expect(await probe.isOpen()).toBe(true);
    console.info(
      `${path}: all scripts ${(1000 * (figure['ScriptDuration'] ?? 0)).toFixed(1)} ms of ${(1000 * (figure['TaskDuration'] ?? 0)).toFixed(0)} ms ` +
        `main thread while loading, ${figure['JSEventListeners']} listeners, ${figure['Nodes']} nodes`,
    );
  }
  expect(figures['/many']?.['Nodes']).toBeGreaterThan(3 * LINK_COUNT);
  expect(figures['/many']?.['JSEventListeners']).toBe(figures['/ten']?.['JSEventListeners']);
});
