import { expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { startScript } from '@/tests/support/child-process';
import { openLink } from '@/tests/support/open-film';
import { startSeeder, startSignaling, untilPlaying, untilText } from '@/tests/support/stage';

test('a peer that sends corrupted pieces is dropped, and no byte of it reaches the picture (B5, B6)', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const film = filmPath('faststart.mp4');
  const liar = startScript('tests/support/corrupt-seeder.ts', [film, '--signaling', signaling.url]);
  onTestFinished(() => liar.stop());
  const [magnet] = await liar.waitForLine(/^magnet:\S+$/);
  const { frame } = await openLink(magnet, signaling);
  await liar.waitForLine(/^dropped/);
  expect(await frame.$eval('video', (video) => video.currentTime)).toBe(0);

  const honest = await startSeeder(film, signaling.url);
  onTestFinished(() => honest.child.stop());
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(film));
});

test('two viewers in two browsers: the second gets the film from the first once the seeder is gone', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const film = filmPath('film.webm');
  const seeder = await startSeeder(film, signaling.url);
  const first = await openLink(seeder.magnet, signaling);
  await untilPlaying(first.frame);
  await untilText(first.frame, 'main', /all of it verified/);
  await seeder.child.stop();
  const second = await openLink(seeder.magnet, signaling);
  await untilPlaying(second.frame);
  expect(await streamedSha256(second.frame)).toBe(await sha256Of(film));
});
