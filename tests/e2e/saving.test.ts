import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TargetType } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { sha256Of } from '@/tests/support/film-hash';
import { filmPath } from '@/tests/support/films';
import { openFilm } from '@/tests/support/open-film';
import { untilPlaying, untilText } from '@/tests/support/stage';

/** Films as files on the viewer's disk. */

test('a film is saved from the overlay while it is still being fetched, byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-saved-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { launched, frame } = await openFilm('faststart.mp4', ['--upload-limit', '300']);
  const session = await launched.browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
  const saved = new Promise<string>((resolve) => {
    session.on('Browser.downloadProgress', ({ state }) => {
      if (state !== 'inProgress') resolve(state);
    });
  });
  await untilPlaying(frame, 0.2);
  await frame.locator('button[aria-label="Files"]').click();
  expect(await untilText(frame, '.file-name', /here/)).not.toContain('100% here');
  await frame.locator('button[aria-label="Save faststart.mp4"]').click();
  await untilText(frame, '.file-name', /the browser saves it/);
  expect(await saved).toBe('completed');
  expect(await readdir(folder)).toEqual(['faststart.mp4']);
  expect(await sha256Of(join(folder, 'faststart.mp4'))).toBe(await sha256Of(filmPath('faststart.mp4')));
  // The film went on meanwhile.
  expect(await frame.$eval('video', (video) => video.error)).toBeNull();
});

test('in a tab of its own all files are saved into the folder that the viewer chooses, with their folders', async () => {
  const { launched, frame } = await openFilm('collection');
  await frame.waitForSelector('[data-view-state="choosing-file"]');
  await frame.locator('button ::-p-text(Save all in a tab)').click();
  const target = await launched.browser.waitForTarget(
    (opened) => opened.type() === TargetType.PAGE && opened.url().includes('/player.html'),
  );
  const tab = await target.asPage();
  await tab.bringToFront();
  await tab.waitForSelector('[data-view-state="choosing-file"]');
  // The dialog is the browser's own: the test answers it with a real folder.
  await tab.evaluate(() => {
    Object.assign(window, {
      showDirectoryPicker: async () => (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true }),
    });
  });
  await tab.locator('button ::-p-text(Save all)').click();
  await tab.waitForFunction(() => {
    const rows = [...document.querySelectorAll('.file-name')];
    return rows.length === 4 && rows.every((row) => / · saved\b/.test(row.textContent));
  });
  const digests = await tab.evaluate(async () => {
    const found: Record<string, string> = {};
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path}${name}/`);
        else if (handle instanceof FileSystemFileHandle) {
          const digest = await crypto.subtle.digest('SHA-256', await (await handle.getFile()).arrayBuffer());
          found[path + name] = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
        }
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen'), '');
    return found;
  });
  const names = ['part-1.mp4', 'part-2.mp4', 'subtitles/part-1.srt', 'subtitles/part-2.srt'];
  const expected = await Promise.all(names.map(async (name) => [name, await sha256Of(join(filmPath('collection'), name))] as const));
  expect(digests).toEqual(Object.fromEntries(expected));
});
