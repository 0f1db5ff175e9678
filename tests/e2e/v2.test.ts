import { expect, onTestFinished, test } from 'vitest';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { filmPath } from '@/tests/support/films';
import { openLink, openLinkIn } from '@/tests/support/open-film';
import { startSeeder, startSignaling, untilPlaying, untilText, type Seeder, type Signaling } from '@/tests/support/stage';

/** Torrents of BitTorrent v2 and of both versions, from the click on their links to the picture. */

async function share(name: string, kind: '--v2' | '--hybrid'): Promise<{ seeder: Seeder; signaling: Signaling }> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const seeder = await startSeeder(filmPath(name), signaling.url, [kind]);
  onTestFinished(() => seeder.child.stop());
  return { seeder, signaling };
}

test('a btmh link plays: a film of BitTorrent v2 alone, and plays again in another tab once its seeder is gone', async () => {
  const { seeder, signaling } = await share('film.webm', '--v2');
  expect(seeder.magnet).toMatch(/^magnet:\?xt=urn:btmh:1220[0-9a-f]{64}&dn=/);
  const { launched, frame } = await openLink(seeder.magnet, signaling);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
  await seeder.child.stop();
  const again = await openLinkIn(launched, seeder.magnet);
  await untilPlaying(again.frame);
});

test('S5: the seeder stops, and a btmh viewer gets a hybrid film from one who came by btih', async () => {
  const { seeder, signaling } = await share('film.webm', '--hybrid');
  const [btih = '', btmh = ''] = [/xt=urn:btih:[0-9a-f]{40}/, /xt=urn:btmh:1220[0-9a-f]{64}/].map(
    (topic) => topic.exec(seeder.magnet)?.[0] ?? '',
  );
  expect(btih !== '' && btmh !== '').toBe(true);
  const { frame: first } = await openLink(`magnet:?${btih}`, signaling);
  await untilPlaying(first);
  await untilText(first, 'main', /all of it verified/);
  await seeder.child.stop();
  const { frame: second } = await openLink(`magnet:?${btmh}`, signaling);
  await untilPlaying(second);
  await untilText(second, 'main', /all of it verified/);
  expect(await streamedSha256(second)).toBe(await sha256Of(filmPath('film.webm')));
});
