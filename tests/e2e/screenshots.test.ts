import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXTENSION_DIR } from '@/scripts/build-extension';
import { startScript } from '@/tests/support/child-process';
import { launchBrowser } from '@/tests/support/launch-browser';

/** `npm run screenshots` as a process of its own. */

async function run(...args: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-screenshots-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const child = startScript('scripts/screenshots.ts', ['--out', folder, '--extension', EXTENSION_DIR, ...args]);
  onTestFinished(() => child.stop());
  return { folder, child };
}

/** Decoded by a browser: what anybody else would see. */
async function describePictures(paths: readonly string[]) {
  const launched = await launchBrowser({ extension: false });
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  const pictures = [];
  for (const path of paths) {
    const url = `data:image/png;base64,${await readFile(path, 'base64')}`;
    const facts = await page.evaluate(async (source) => {
      const bitmap = await createImageBitmap(await (await fetch(source)).blob());
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const pixels = new Uint32Array(context?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0));
      return { width, height, colours: new Set(pixels).size };
    }, url);
    pictures.push({ name: basename(path), ...facts });
  }
  return pictures;
}

test('every screen is written in both languages as a picture of itself, each path is printed, and the exit code is 0', async () => {
  const { folder, child } = await run('--theme', 'light');
  expect(await child.exited, child.lines.join('\n')).toBe(0);
  const paths = child.lines.filter((line) => line.endsWith('.png'));
  expect(paths.map((path) => basename(path)).toSorted()).toEqual((await readdir(folder)).toSorted());
  const pictures = await describePictures(paths);
  const screens = [
    'welcome',
    'popup-empty',
    'popup-peers',
    'options-narrow',
    'options-unread',
    'popup-narrow',
    'welcome-narrow',
    'options-storage',
    'options-keys',
    'share-sharing',
    'player-playing',
    'player-no-peer',
    'player-picture',
    'player-sound',
    'player-stalled',
    'player-subtitles',
    'player-tab',
  ];
  const names = screens.flatMap((name) => [`${name}-light.png`, `${name}-es-light.png`]);
  expect(pictures.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  for (const { name, width, height, colours } of pictures) {
    expect(width, name).toBe(name.includes('narrow') ? 320 : name.startsWith('popup') ? 384 : 1280);
    // What is not a whole page is as the stores want it.
    if (/^(?:player|options-top)/.test(name)) expect(height, name).toBe(800);
    else expect(height, name).toBeGreaterThan(200);
    expect(colours, name).toBeGreaterThan(20);
  }
});

test.each([
  ['theme', '--theme is light or dark, not "sepia".'],
  ['language', '--language is en or es, not "sepia".'],
])('a %s it does not know is refused with a sentence', async (option, sentence) => {
  const { child } = await run(`--${option}`, 'sepia');
  expect(await child.exited).toBe(2);
  expect(child.lines.join('\n')).toContain(sentence);
});
