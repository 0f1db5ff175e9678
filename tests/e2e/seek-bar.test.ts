import type { Frame } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { startScript } from '@/tests/support/child-process';
import { filmPath } from '@/tests/support/films';
import { openLink } from '@/tests/support/open-film';
import { startSignaling, untilPlaying } from '@/tests/support/stage';

/** Pieces of 16 KiB; the first 6 of them, a third of the bytes, are over half of its time, since it stands still at first. The last has its index. */
const FILM = filmPath('uneven/film.mkv');
const DURATION_S = 16.021;
/** By ffprobe: the key picture of 8.021 s lies at byte 72,307, that of 10.021 s at 130,918. */
const HELD_S = 8.021 + (2 * (6 * 16_384 - 72_307)) / (130_918 - 72_307);

async function startHolder(signalingUrl: string, pieces: string): Promise<string> {
  const holder = startScript('tests/support/partial-seeder.ts', [FILM, '--signaling', signalingUrl, '--pieces', pieces]);
  onTestFinished(() => holder.stop());
  const [magnet] = await holder.waitForLine(/^magnet:\S+$/);
  return magnet;
}

/** Where the film's first run ends on the seek bar, 0 to 1. */
async function firstRunEnd(frame: Frame): Promise<number> {
  const [run] = await frame.$$eval('.seek-verified', (runs) => runs.map((one) => (one as HTMLElement).style.inlineSize));
  return Number.parseFloat(run ?? 'NaN') / 100;
}

test('what is here is shown about right until the index of the film is here, and to the second from then on', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const magnet = await startHolder(signaling.url, 'below-6');
  const { frame } = await openLink(magnet, signaling);
  await untilPlaying(frame);
  await frame.click('video');
  await frame.waitForSelector('[data-view-state="paused"] .seek-bar[data-accuracy="approximate"]');
  await expect.poll(() => firstRunEnd(frame)).toBeCloseTo((6 * 16_384) / 270_353, 2);
  const described = await frame.$eval(
    '.seek-input',
    (input) => document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent,
  );
  expect(described).toBe('Which parts are here is shown approximately.');

  await startHolder(signaling.url, 'from-12');
  await frame.waitForSelector('.seek-bar[data-accuracy="exact"]');
  const endS = (await firstRunEnd(frame)) * DURATION_S;
  expect(Math.abs(endS - HELD_S)).toBeLessThan(0.2);
  expect(await frame.$eval('.seek-input', (input) => input.getAttribute('aria-describedby'))).toBeNull();
});
