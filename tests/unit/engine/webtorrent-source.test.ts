import { afterEach, expect, test } from 'vitest';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { TrackerSwarm } from '@/tests/support/tracker-swarm';

/** Whole engines in Node and peers of the unmodified library, over real WebRTC and a real tracker. */

let swarm: TrackerSwarm;

afterEach(async () => {
  await swarm.close();
});

test('two viewers find each other through a tracker, and one has the metadata and the film from the other', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  const source = done.sources.find(({ name }) => name === 'webtorrent');
  expect(Object.keys(source?.timeline ?? {})).toEqual(['started', 'peer', 'metadata', 'first-piece']);
  expect(source?.totals.downloadedBytes).toBe(swarm.film.length + (source?.totals.wastedBytes ?? 0));
  expect(done.totals.wastedBytes / swarm.film.length).toBeLessThan(0.03);
  expect(done.trackers).toMatchObject([{ url: swarm.trackerUrl, state: 'connected' }]);
  expect(done.peers).toMatchObject([{ source: 'webtorrent', state: 'connected', availability: 1 }]);
});

test('a seeder of the unmodified library is streamed from', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.stockPeer(swarm.film);
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
});
