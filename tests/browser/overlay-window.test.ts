import type { Frame, KeyInput, Viewport } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { zoomTo } from '@/tests/support/browser-zoom';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import type { ShellBox } from '@/tests/support/overlay-probe';
import { openUndecidedBrowser } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';
import { visitPage, type Visit } from '@/tests/support/visit-page';

/** The overlay is moved, resized, shrunk and enlarged over the page, and the player in it never loads anew. */

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First';
const VIEWPORT = { width: 1200, height: 800 };
const HEADER_PX = 40;

function filmPage(attributes = '', head = '', doctype = '<!doctype html>'): string {
  return `${doctype}<html lang="en" ${attributes}><head><title>Films</title>
    <script>
      window.heard = [];
      for (const type of ['pointerdown', 'pointermove', 'pointerup', 'click', 'dblclick', 'keydown']) document.addEventListener(type, () => heard.push(type));
      window.shifts = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
    </script>${head}</head>
    <body><p><a id="film" href="${MAGNET}">Watch the film</a></p><p><button id="read">Read on</button></p><p style="height: 300vh">A long page</p></body></html>`;
}

let site: Site;
let launched: LaunchedBrowser;

beforeAll(async () => {
  site = await serveSite({
    '/': filmPage(),
    '/elsewhere': filmPage(),
    '/rtl': filmPage('dir="rtl"'),
    '/quirks': filmPage('', '', ''),
    '/small-text': filmPage('style="font-size: 1px"'),
    '/zoomed': filmPage('style="zoom: 1.5"'),
  });
  launched = await openUndecidedBrowser();
});

beforeEach(() => inStorage((storage) => storage.clear()));

afterAll(async () => {
  await launched?.close();
  await site?.close();
});

/** Does something to the extension's storage, from a page of the extension. */
async function inStorage<Result>(run: (storage: chrome.storage.LocalStorageArea) => Promise<Result>): Promise<Result> {
  const page = await launched.browser.newPage();
  await page.goto(`chrome-extension://${launched.extensionId}/options.html`);
  const result = (await page.evaluate(`(${run.toString()})(chrome.storage.local)`)) as Result;
  await page.close();
  return result;
}

/** @param viewport null leaves the window as it is */
function visit(path = '/', viewport: Viewport | null = VIEWPORT): Promise<Visit> {
  return visitPage(launched, site.origin + path, viewport ?? undefined);
}

/** By the keyboard: the mouse may find the overlay over the link. */
async function openFilm({ page, probe }: Visit): Promise<Frame> {
  await page.focus('#film');
  await page.keyboard.press('Enter');
  await probe.untilReady();
  const player = await page.waitForFrame((frame) => frame.url().startsWith(`chrome-extension://${launched.extensionId}/player.html`));
  await player.waitForFunction(() => document.hasFocus());
  await player.evaluate('window.isTheSame = true');
  return player;
}

async function openOverlay(path?: string, viewport?: typeof VIEWPORT): Promise<Visit & { readonly player: Frame }> {
  const visited = await visit(path, viewport);
  return { ...visited, player: await openFilm(visited) };
}

function shell({ probe }: Visit): Promise<ShellBox> {
  return probe.boxOf('section');
}

function pictureRatio({ width, height }: ShellBox): number {
  return width / (height - HEADER_PX);
}

function isInside({ left, top, right, bottom }: ShellBox, { width, height } = VIEWPORT): boolean {
  return left >= 0 && top >= 0 && right <= width && bottom <= height;
}

async function pressKeys({ page }: Visit, ...keys: KeyInput[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Backwards from the first thing in the player to a button of the header. */
async function tabBackTo({ page, probe }: Visit, focused: string): Promise<void> {
  await probe.focusIn('.close');
  while ((await probe.focused()) !== focused) {
    await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
  }
}

describe('moving', () => {
  test('follows the pointer by the header; the player stays as it is, keeps the focus, and the page hears nothing', async () => {
    const { page, probe, player } = await openOverlay();
    const before = await probe.boxOf('section');
    await page.evaluate('heard.length = 0');
    await probe.press('header', -60, 40);
    expect(await probe.boxOf('section')).toMatchObject({ left: before.left - 60, top: before.top + 40, width: before.width });
    await page.mouse.up();
    expect(await probe.boxOf('section')).toMatchObject({ left: before.left - 60, top: before.top + 40, height: before.height });
    expect(await page.evaluate('heard')).toEqual([]);
    expect(await probe.focused()).toBe('iframe');
    expect(await player.evaluate('window.isTheSame && document.hasFocus()')).toBe(true);
    expect(await page.evaluate('shifts')).toBe(0);
  });

  test('follows a finger', async () => {
    const visited = await openOverlay();
    const { left, top } = await shell(visited);
    const touch = await visited.page.touchscreen.touchStart(left + 200, top + 20);
    for (const step of [1, 2, 3]) await touch.move(left + 200 - 20 * step, top + 20 + 10 * step);
    await touch.end();
    expect(await shell(visited)).toMatchObject({ left: left - 60, top: top + 30 });
    expect(await visited.page.evaluate('scrollY')).toBe(0);
  });

  test('goes on over the player and outside of the window, but never takes the overlay off it', async () => {
    const visited = await openOverlay();
    const { page, probe, player } = visited;
    await player.evaluate(`addEventListener('pointermove', () => { window.crossed = true; })`);
    await probe.press('header', -3_000, -3_000);
    expect(await shell(visited)).toMatchObject({ left: 0, top: 0 });
    await page.mouse.move(600, 500, { steps: 20 });
    await page.mouse.move(4_000, 4_000);
    await page.mouse.up();
    expect(await shell(visited)).toMatchObject({ right: VIEWPORT.width, bottom: VIEWPORT.height });
    expect(await player.evaluate('window.crossed')).toBeUndefined();
  });

  test('stays within the window when that becomes smaller, and comes back with it', async () => {
    const visited = await openOverlay();
    await visited.probe.drag('.se', -400, 0);
    await visited.probe.drag('header', 4_000, 4_000);
    const before = await shell(visited);
    await visited.page.setViewport({ width: 500, height: 400 });
    expect(isInside(await visited.probe.untilBox('box.right <= 500 && box.bottom <= 400'), { width: 500, height: 400 })).toBe(true);
    await visited.page.setViewport(VIEWPORT);
    expect(await visited.probe.untilBox(`box.right === ${VIEWPORT.width}`)).toEqual(before);
  });

  test('by the arrow keys on its button, which keeps the focus', async () => {
    const visited = await openOverlay();
    const { page, probe } = visited;
    const { left, top } = await shell(visited);
    await tabBackTo(visited, 'button.move');
    await pressKeys(visited, 'ArrowLeft', 'ArrowLeft', 'ArrowUp');
    expect(await shell(visited)).toMatchObject({ left: left - 32, top: top - 16 });
    await page.keyboard.down('Shift');
    await pressKeys(visited, 'ArrowRight', 'ArrowDown');
    await page.keyboard.up('Shift');
    expect(await shell(visited)).toMatchObject({ left: left - 32 + 96, top: top - 16 + 96 });
    expect(await probe.focused()).toBe('button.move');
    expect(await page.evaluate('scrollY')).toBe(0);
  });

  test('by clicks on its button, from corner to corner; a drag by the button is no click', async () => {
    const visited = await openOverlay();
    await visited.probe.drag('.move', -40, -10);
    const { left, top } = await shell(visited);
    expect([left, top]).toEqual([80, 100]);
    await visited.probe.click('.move');
    expect(await shell(visited)).toMatchObject({ right: VIEWPORT.width - 12, top: 12 });
    await visited.probe.click('.move');
    expect(await shell(visited)).toMatchObject({ right: VIEWPORT.width - 12, bottom: VIEWPORT.height - 12 });
  });

  test('survives a page that throws the overlay out meanwhile: it is put back, and moves', async () => {
    const visited = await openOverlay();
    const errors: unknown[] = [];
    visited.page.on('pageerror', (error) => errors.push(error));
    await visited.probe.press('header', 30, 30);
    await visited.page.evaluate(`document.querySelector('html > div').remove()`);
    await visited.page.mouse.move(300, 300);
    await visited.page.mouse.up();
    await visited.probe.untilReady();
    await visited.probe.drag('header', -4_000, 0);
    expect(await shell(visited)).toMatchObject({ left: 0 });
    expect(errors).toEqual([]);
  });
});

describe('resizing', () => {
  test.each([
    ['.e', -200, 0, 'left', 'top'],
    ['.w', 200, 0, 'right', 'top'],
    ['.s', 0, -100, 'left', 'top'],
    ['.n', 0, 100, 'left', 'bottom'],
    ['.se', -200, -30, 'left', 'top'],
    ['.sw', 200, -30, 'right', 'top'],
    ['.ne', -200, 30, 'left', 'bottom'],
    ['.nw', 200, 30, 'right', 'bottom'],
  ] as const)('at %s keeps the picture’s 16:9 and the other side', async (edge, xPx, yPx, xSide, ySide) => {
    const visited = await openOverlay();
    const before = await shell(visited);
    await visited.probe.drag(edge, xPx, yPx);
    const after = await shell(visited);
    expect(after.width).toBeLessThan(before.width - 150);
    expect(pictureRatio(after)).toBeCloseTo(16 / 9, 1);
    expect([after[xSide], after[ySide]]).toEqual([before[xSide], before[ySide]]);
    expect(await visited.player.evaluate('window.isTheSame && document.hasFocus()')).toBe(true);
    expect(await visited.page.evaluate('shifts')).toBe(0);
  });

  test('ends at 320 × 220 and at the window', async () => {
    const visited = await openOverlay();
    await visited.probe.drag('.se', -4_000, -4_000);
    expect(await shell(visited)).toMatchObject({ width: 320, height: 220 });
    await visited.probe.drag('header span', -4_000, -4_000);
    await visited.probe.drag('.se', 4_000, 4_000);
    expect(await shell(visited)).toMatchObject({ left: 0, top: 0, width: VIEWPORT.width, height: 715 });
  });

  test('by the arrow keys on its button, and by clicks on it', async () => {
    const visited = await openOverlay();
    const { width } = await shell(visited);
    await tabBackTo(visited, 'button.resize');
    await pressKeys(visited, 'ArrowLeft', 'ArrowUp');
    expect(await shell(visited)).toMatchObject({ width: width - 32 });
    await visited.page.keyboard.down('Shift');
    await pressKeys(visited, 'ArrowRight');
    await visited.page.keyboard.up('Shift');
    expect(await shell(visited)).toMatchObject({ width: width + 64 });
    expect(await visited.probe.focused()).toBe('button.resize');
    await visited.probe.click('.resize');
    expect(await shell(visited)).toMatchObject({ left: 0, width: VIEWPORT.width });
    await pressKeys(visited, 'Enter');
    expect(await shell(visited)).toMatchObject({ width: 320 });
  });
});

describe('the mini player', () => {
  test('lets the page be read and used, and comes back', async () => {
    const visited = await openOverlay();
    const { page, probe, player } = visited;
    const before = await shell(visited);
    await probe.click('.mini');
    expect(await shell(visited)).toMatchObject({ right: VIEWPORT.width - 12, bottom: VIEWPORT.height - 12, width: 360 });
    expect(await probe.labelOf('.mini')).toBe('Back to a window');
    expect(await probe.focused()).toBe('iframe');
    await page.click('#read');
    expect(await page.evaluate('document.activeElement.id')).toBe('read');
    await page.mouse.wheel({ deltaY: 300 });
    await page.waitForFunction('scrollY > 0');
    expect(await shell(visited)).toMatchObject({ bottom: VIEWPORT.height - 12 });
    await probe.click('.mini');
    expect(await shell(visited)).toEqual(before);
    expect(await page.evaluate('document.activeElement.id')).toBe('read');
    expect(await player.evaluate('window.isTheSame')).toBe(true);
  });

  test('goes into the corner where it is dropped, and by arrow keys from corner to corner', async () => {
    const visited = await openOverlay();
    await visited.probe.click('.mini');
    await visited.probe.drag('header', -500, -400);
    expect(await shell(visited)).toMatchObject({ left: 12, top: 12 });
    await tabBackTo(visited, 'button.move');
    await pressKeys(visited, 'ArrowRight');
    expect(await shell(visited)).toMatchObject({ right: VIEWPORT.width - 12, top: 12 });
    await pressKeys(visited, 'ArrowDown');
    expect(await shell(visited)).toMatchObject({ right: VIEWPORT.width - 12, bottom: VIEWPORT.height - 12 });
  });

  test('takes the focus along from a button that it does not have', async () => {
    const visited = await openOverlay();
    await tabBackTo(visited, 'button.resize');
    await visited.probe.click('.mini');
    expect(await visited.probe.focused()).toBe('button.mini');
  });
});

describe('filling the window', () => {
  test.each(['the button', 'a double click on the header'])('by %s, and back', async (way) => {
    const visited = await openOverlay();
    const { page, probe, player } = visited;
    const toggle = (): Promise<void> => (way === 'the button' ? probe.click('.fill') : probe.click('header', { count: 2 }));
    const before = await shell(visited);
    await toggle();
    expect(await shell(visited)).toMatchObject({ left: 0, top: 0, ...VIEWPORT });
    expect(await probe.labelOf('.fill')).toBe('Back to a window');
    await page.setViewport({ width: 700, height: 500 });
    await probe.untilBox('box.width === 700 && box.height === 500');
    await page.setViewport(VIEWPORT);
    await probe.untilBox(`box.width === ${VIEWPORT.width}`);
    await toggle();
    expect(await shell(visited)).toEqual(before);
    expect(await player.evaluate('window.isTheSame && document.hasFocus()')).toBe(true);
    expect(await page.evaluate('shifts')).toBe(0);
  });

  test('ends when the header is dragged', async () => {
    const visited = await openOverlay();
    const { width } = await shell(visited);
    await visited.probe.click('.fill');
    await visited.probe.drag('header', 0, 60);
    expect(await shell(visited)).toMatchObject({ top: 60, width });
  });
});

test('Esc closes the overlay in each mode and from its buttons', async () => {
  const visited = await visit();
  for (const mode of ['.mini', '.fill', '.move']) {
    await openFilm(visited);
    await visited.probe.click(mode);
    await visited.probe.focusIn(mode);
    await pressKeys(visited, 'Escape');
    expect(await visited.probe.isOpen()).toBe(false);
    expect(await visited.page.evaluate('document.activeElement.id')).toBe('film');
  }
});

describe('what the viewer left', () => {
  test('is there for the next film, in the same page and in another, in the same place and mode', async () => {
    const visited = await openOverlay();
    await visited.probe.drag('.se', -400, 0);
    await visited.probe.drag('header', -4_000, 4_000);
    const left = await shell(visited);
    await visited.probe.click('.close');
    await openFilm(visited);
    expect(await shell(visited)).toEqual(left);
    await visited.page.goto(`${site.origin}/elsewhere`);
    await openFilm(visited);
    expect(await visited.probe.untilBox('box.left === 0')).toEqual(left);

    await visited.probe.click('.mini');
    const mini = await shell(visited);
    await visited.page.goto(site.origin);
    await openFilm(visited);
    expect(await visited.probe.untilBox('box.width === 360')).toEqual(mini);
    await visited.probe.click('.mini');
    expect(await shell(visited)).toEqual(left);
  });

  test('is read when the overlay opens, not when the page loads', async () => {
    const visited = await visit();
    await inStorage((storage) => storage.set({ overlayPlace: { mode: 'window', leftPx: 7, topPx: 9, widthPx: 400 } }));
    await visited.page.bringToFront();
    await openFilm(visited);
    expect(await visited.probe.untilBox('box.left === 7')).toMatchObject({ top: 9, width: 400 });
  });

  test('is the default where storage holds something else', async () => {
    const expected = await shell(await openOverlay());
    await inStorage((storage) => storage.set({ overlayPlace: { mode: 'fill; inset: 0', leftPx: '1px', topPx: -4, corner: 5 } }));
    expect(await shell(await openOverlay())).toEqual(expected);
  });
});

describe('pages that make it hard', () => {
  test('read from right to left: the mini player is where their lines end, the shell reads as its language does', async () => {
    const visited = await openOverlay('/rtl');
    await visited.probe.click('.mini');
    expect(await shell(visited)).toMatchObject({ left: 12, bottom: VIEWPORT.height - 12 });
    expect((await visited.probe.boxOf('.close')).left).toBeGreaterThan((await visited.probe.boxOf('.move')).left);
  });

  test.each(['/quirks', '/small-text', '/zoomed'])('%s: dragging keeps to the pointer and the overlay to the window', async (path) => {
    const visited = await openOverlay(path);
    await visited.probe.drag('.se', -300, 0);
    const before = await shell(visited);
    await visited.probe.drag('header span', 30, -20);
    const after = await shell(visited);
    expect(Math.abs(after.left - before.left - 30) + Math.abs(after.top - before.top + 20)).toBeLessThan(3);
    await visited.probe.drag('header span', 4_000, 4_000);
    const { right, bottom } = await shell(visited);
    expect(Math.abs(right - VIEWPORT.width) + Math.abs(bottom - VIEWPORT.height)).toBeLessThan(3);
    expect((await visited.probe.boxOf('.close')).height).toBeGreaterThanOrEqual(24);
  });

  test.each([
    ['320 px wide', { width: 320, height: 700 }],
    ['zoomed to 400 %', { width: 320, height: 200 }],
  ])('%s: all of the header is there in each mode', async (_name, viewport) => {
    const visited = await openOverlay('/', viewport);
    for (const mode of ['.move', '.resize', '.mini', '.mini', '.fill']) {
      await visited.probe.click(mode);
      expect(isInside(await shell(visited), viewport)).toBe(true);
      expect(isInside(await visited.probe.boxOf('.move'), viewport)).toBe(true);
      expect(isInside(await visited.probe.boxOf('.close'), viewport)).toBe(true);
    }
  });

  test('zoomed by the viewer while the player is open: it stays in the window, and is where it was once the zoom is', async () => {
    const visited = await visit('/', null);
    await openFilm(visited);
    await visited.probe.drag('header', 4_000, 4_000);
    const before = await shell(visited);
    // The browser keeps it for the site.
    onTestFinished(() => zoomTo(launched, visited.page, 1));
    for (const [zoom, widthPx] of [
      [4, 320],
      [0.5, 2560],
    ] as const) {
      await zoomTo(launched, visited.page, zoom);
      const box = await visited.probe.untilBox(`innerWidth === ${widthPx} && box.right <= innerWidth && box.bottom <= innerHeight`);
      expect([box.left >= 0, box.top >= 0, box.width > 250]).toEqual([true, true, true]);
    }
    await zoomTo(launched, visited.page, 1);
    expect(await visited.probe.untilBox(`innerWidth === 1280 && box.right === innerWidth`)).toEqual(before);
    expect(await visited.page.evaluate('shifts')).toBe(0);
  });

  test('with styles against everything', async () => {
    const visited = await openOverlay();
    await visited.page.addStyleTag({
      content: `body, html > *, html > * * { display: none !important; position: static !important; transform: scale(.1) !important;
        pointer-events: none !important; touch-action: auto !important; inset: auto !important; width: 1px !important; }`,
    });
    await visited.page.evaluate(
      `document.querySelector('html > div').style.cssText = 'left: 900px !important; transform: none !important; opacity: 0 !important'`,
    );
    const before = await shell(visited);
    expect(before.width).toBe(960);
    await visited.probe.drag('header', -50, 10);
    expect(await shell(visited)).toMatchObject({ left: before.left - 50, top: before.top + 10 });
  });
});
