import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, ElementHandle, Frame } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { openFilm } from '@/tests/support/open-film';
import { untilPlaying, untilText } from '@/tests/support/stage';

/** What the browser lays over the film: words in a shadow tree of its own, which only its debugger sees. */
async function wordsOnScreen(debuggerOf: CDPSession): Promise<string> {
  const { root } = await debuggerOf.send('DOM.getDocument', { depth: -1, pierce: true });
  const found: string[] = [];
  const walk = (node: typeof root, isOverFilm: boolean): void => {
    const inside = isOverFilm || (node.attributes ?? []).includes('-webkit-media-text-track-display');
    if (inside && node.nodeType === 3) found.push(node.nodeValue);
    for (const child of [...(node.shadowRoots ?? []), ...(node.children ?? [])]) walk(child, inside);
  };
  walk(root, false);
  return found.join('');
}

/** Waits for the browser to say that other words are due. */
function untilCue(frame: Frame, text: string): Promise<unknown> {
  return frame.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const tracks = document.querySelector('video')?.textTracks;
        const look = (): void => {
          const [track] = tracks ?? [];
          const due = [...(track?.activeCues ?? [])].map((cue) => (cue as VTTCue).text).join('');
          if (track?.mode === 'showing' && due === wanted) resolve();
        };
        const listen = (): void => tracks?.[0]?.addEventListener('cuechange', look);
        tracks?.addEventListener('addtrack', listen);
        tracks?.addEventListener('change', look);
        listen();
        look();
      }),
    text,
  );
}

function modeOf(frame: Frame): Promise<TextTrackMode | undefined> {
  return frame.$eval('video', (video) => video.textTracks[0]?.mode);
}

function focused(frame: Frame): Promise<string> {
  return frame.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.closest('label')?.textContent ?? '';
  });
}

test('subtitles of the torrent are chosen by the keyboard alone, shown when they are due, moved, switched off, and come by themselves the next time', async () => {
  const { launched, page, frame } = await openFilm('subtitled');
  const { keyboard } = page;
  await untilPlaying(frame);
  const target = await launched.browser.waitForTarget((one) => one.url() === frame.url());
  const debuggerOf = await target.createCDPSession();
  expect(await frame.$eval('video', (video) => video.textTracks.length)).toBe(0);
  await keyboard.press('k');
  await frame.waitForSelector('[data-view-state="paused"]');

  await frame.focus('button[aria-label="Files"]');
  await keyboard.press('Tab');
  expect(await focused(frame)).toBe('Subtitles');
  await keyboard.press('Enter');
  await expect.poll(() => focused(frame)).toBe('Off');
  await keyboard.press('ArrowDown');
  expect(await focused(frame)).toMatch(/English.*film\.en\.srt/);
  await untilText(frame, '.key-hint', /Subtitles: English/);
  // Letters are the player's even there.
  await keyboard.press('Home');
  await keyboard.press('k');
  await untilCue(frame, 'A test picture, moving.');
  await expect.poll(() => wordsOnScreen(debuggerOf)).toBe('A test picture, moving.');
  await keyboard.press('k');
  await frame.waitForSelector('[data-view-state="paused"]');

  await keyboard.press('6');
  await untilCue(frame, '1 &lt; 2 &amp; so on');
  await expect.poll(() => wordsOnScreen(debuggerOf)).toBe('1 < 2 & so on');
  await keyboard.press('ArrowDown');
  await untilText(frame, '.key-hint', /Subtitles: Spanish/);
  await untilCue(frame, 'Una imagen.');
  // At 2 s stands what was written for 1 s to 4 s; an offset of 1.5 s has not reached it.
  await keyboard.press('2');
  await untilCue(frame, '¿Qué se mueve?');
  for (let press = 0; press < 3; press++) await keyboard.press('h');
  await untilText(frame, '.subtitle-offset output', /1\.5 s later/);
  await untilCue(frame, '');
  await keyboard.press('g');
  await untilCue(frame, '¿Qué se mueve?');

  await keyboard.press('Escape');
  await frame.waitForSelector('.subtitles', { hidden: true });
  expect(await focused(frame)).toBe('Subtitles');
  await keyboard.press('c');
  await untilText(frame, '.key-hint', /Subtitles off/);
  await expect.poll(() => modeOf(frame)).toBe('disabled');
  await expect.poll(() => wordsOnScreen(debuggerOf)).toBe('');
  await keyboard.press('c');
  await untilCue(frame, '¿Qué se mueve?');

  await page.reload();
  await page.locator('#film').click();
  const again = await page.waitForFrame((one) => one.url().includes('/player.html') && one !== frame);
  await untilPlaying(again, 0.2);
  await keyboard.press('2');
  await untilCue(again, 'A test picture, moving.');
});

test('a file of the viewer’s own is shown; one without subtitles in it is refused in words; the look is remembered', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-subtitles-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [good, bad, other] = ['good.srt', 'bad.srt', 'film.exe'].map((name) => join(folder, name));
  if (good === undefined || bad === undefined || other === undefined) throw new Error('there are three');
  await writeFile(good, '00:00:00,000 --> 00:00:39,000\n<b>Words</b> & <marquee>more</marquee>\n');
  await writeFile(bad, 'Dear viewer,\n\nthere is --> nothing here.\n');
  await writeFile(other, 'MZ');
  await untilPlaying(frame);

  await page.keyboard.press('c');
  await untilText(frame, '.key-hint', /No subtitles with this film/);
  const bounds = await (await frame.frameElement())?.boundingBox();
  const at = { x: (bounds?.x ?? 0) + 200, y: (bounds?.y ?? 0) + 200 };
  const drop = async (file: string): Promise<void> => {
    const session = await page.createCDPSession();
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at, data });
    await session.detach();
  };
  await drop(bad);
  await untilText(frame, '[data-message="subtitles"] [role="alert"]', /This file has no subtitles in it\./);
  await drop(other);
  await untilText(frame, '[data-message="subtitles"] [role="alert"]', /\.srt and \.vtt files/);
  expect(frame.url()).toContain('/player.html');
  expect(await frame.$eval('video', (video) => video.textTracks.length)).toBe(0);

  await frame.locator('footer button[aria-label="Subtitles"]').click();
  const input = (await frame.waitForSelector('.subtitles input[type="file"]')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(good);
  await untilCue(frame, 'Words &amp; more');
  await frame.waitForSelector('[data-message="subtitles"]', { hidden: true });
  await frame.locator('.subtitle-sizes label:last-of-type').click();
  await frame.locator('.subtitles .switch').click();
  await frame.waitForSelector('.film[data-subtitle-size="large"]:not([data-subtitle-background])');
  // As the browser's own controls do.
  await frame.$eval('video', (video) => {
    for (const track of video.textTracks) track.mode = 'disabled';
  });
  await frame.waitForSelector('.subtitle-track:first-of-type input:checked');
  await frame.focus('.subtitles .switch input');
  await page.keyboard.press('c');
  await untilCue(frame, 'Words &amp; more');

  const options = await launched.browser.newPage();
  await options.goto(`chrome-extension://${launched.extensionId}/options.html`);
  const stored = await options.evaluate(() => chrome.storage.local.get('subtitles'));
  expect(stored['subtitles']).toEqual({ shown: true, size: 'large', background: false });
  await options.close();
  await page.bringToFront();
  await page.reload();
  await page.locator('#film').click();
  const again = await page.waitForFrame((one) => one.url().includes('/player.html') && one !== frame);
  await untilPlaying(again);
  await again.waitForSelector('.film[data-subtitle-size="large"]:not([data-subtitle-background])');
});

test('the next film of a torrent comes with its own subtitles, once they are on', async () => {
  const { page, frame } = await openFilm('collection');
  await frame.locator('[data-file-index="0"]').click();
  await untilPlaying(frame, 0.2);
  await page.keyboard.press('c');
  await page.keyboard.press('9');
  await untilCue(frame, 'The end of the first part.');
  await page.keyboard.down('Shift');
  await page.keyboard.press('N');
  await page.keyboard.up('Shift');
  await frame.waitForSelector('video[src$="/1"]');
  await untilPlaying(frame, 0.2);
  await page.keyboard.press('9');
  await untilCue(frame, 'The end of the second part.');
});
