import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import { openFilm } from '@/tests/support/open-film';
import { untilPlaying, untilText } from '@/tests/support/stage';

/** In kilobytes a second: half of what the film plays at. */
const TOO_SLOW = '22';

test('a film that stands still for want of pieces has stalled; one that is paused meanwhile has not', async () => {
  const { page, frame } = await openFilm('faststart.mp4', ['--upload-limit', TOO_SLOW]);
  await untilPlaying(frame, 0.1);
  expect(await untilText(frame, '.state-line', /^Waiting for/)).toMatch(
    /next pieces… 1 peer · ↓ [\d.]+ kB\/s · \d+% verified · [\d.]+ kB missing to go on/,
  );
  await frame.waitForSelector('[data-view-state="stalled"] .waiting-ring');
  await frame.locator('footer button[aria-label^="Engine"]').click();
  const stalls = '.engine-option[data-chosen] [data-figure="Stalls while chosen"] dd';
  await untilText(frame, stalls, /^[1-9]/);
  await frame.waitForSelector('[data-view-state="stalled"], [data-view-state="playing"]');
  await page.keyboard.press('k');
  await frame.waitForSelector('[data-view-state="paused"]');
  expect(await frame.$('.waiting-ring')).toBeNull();
  const sofar = await untilText(frame, stalls, /^[1-9]/);
  // Pieces come meanwhile, each of them waited for by what reads ahead.
  const verified = (): Promise<number> => frame.$eval('.bar', (bar) => Number(/(\d+)% verified/.exec(bar.textContent)?.[1]));
  const before = await verified();
  await expect.poll(verified, { timeout: 30_000 }).toBeGreaterThan(before + 5);
  expect(await frame.$eval(stalls, (figure) => figure.textContent)).toBe(sofar);
});

test.each(['popup', 'player'])(
  'the statistics of a film are saved from the %s as a file that names neither the film nor a host',
  async (place) => {
    const folder = await mkdtemp(join(tmpdir(), 'lodestream-statistics-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { launched, signaling, frame } = await openFilm('faststart.mp4');
    await untilPlaying(frame);
    await untilText(frame, 'main', /all of it verified/);

    const session = await launched.browser.target().createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
    const saved = new Promise<string>((resolve) => {
      session.on('Browser.downloadProgress', ({ state }) => {
        if (state !== 'inProgress') resolve(state);
      });
    });
    if (place === 'popup') {
      const popup = await launched.browser.newPage();
      await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
      await popup.locator('.session summary::-p-text(Peers and servers)').click();
      await popup.locator('button::-p-text(Save statistics)').click();
    } else {
      await frame.locator('footer button[aria-label^="Engine"]').click();
      await frame.locator('button::-p-text(Save statistics)').click();
    }
    expect(await saved).toBe('completed');

    const [name = ''] = await readdir(folder);
    expect(name).toMatch(/^lodestream-statistics-.*\.json$/);
    const text = await readFile(join(folder, name), 'utf8');
    const { size } = await stat(filmPath('faststart.mp4'));
    const report = JSON.parse(text) as { readonly totals: { readonly downloadedBytes: number }; readonly timeline: Record<string, string> };
    expect(report.totals.downloadedBytes).toBeGreaterThanOrEqual(size);
    const { opened = '', peer = '', metadata = '' } = report.timeline;
    expect([opened, peer, metadata].toSorted()).toEqual([opened, peer, metadata]);
    expect(report).toMatchObject({
      schema: 1,
      state: 'complete',
      files: [{ kind: 'video', lengthBytes: size, verifiedBytes: size }],
      peers: [{ source: 'native', state: 'connected', link: { isChoking: false } }],
    });
    for (const secret of ['faststart', 'magnet:', signaling.url, '127.0.0.1']) expect(text).not.toContain(secret);
  },
);
