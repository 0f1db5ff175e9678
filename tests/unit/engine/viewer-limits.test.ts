import { expect, onTestFinished, test } from 'vitest';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { fakeFilm, NATIVE_ONLY } from '@/tests/support/local-swarm';
import { v1Contents } from '@/tests/support/virtual-swarm/film-contents';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

const SETTINGS: EngineSettings = {
  consented: true,
  signalingUrls: ['http://127.0.0.1'],
  iceServers: [],
  ...NATIVE_ONLY,
  allowLocalPeers: true,
};

test('a limit that the viewer sets counts from then on, and so does taking it back', async () => {
  const swarm = new VirtualSwarm(v1Contents(fakeFilm(2_000_000), 64 * 1024));
  onTestFinished(() => swarm.close());
  const viewer = await swarm.join();
  viewer.engine.applySettings({ ...SETTINGS, limits: { peersPerSession: 1 } });
  await Promise.all([swarm.seed(), swarm.seed(), swarm.seed()]);
  await swarm.time.pass(60_000);
  expect((await swarm.until(viewer, () => true)).peers).toHaveLength(1);
  viewer.engine.applySettings(SETTINGS);
  const { peers } = await swarm.until(viewer, (session) => session.peers.filter(({ state }) => state === 'connected').length === 3);
  expect(peers).toHaveLength(3);
});

test('what the engine was started with stays the limit where the viewer sets a higher one', async () => {
  const swarm = new VirtualSwarm(v1Contents(fakeFilm(2_000_000), 64 * 1024));
  onTestFinished(() => swarm.close());
  const seeder = await swarm.seed({ uploadBytesPerSecond: 100_000 });
  seeder.engine.applySettings({ ...SETTINGS, uploadBytesPerSecond: 10_000_000 });
  const viewer = await swarm.join();
  const startedAtMs = swarm.time.now();
  await swarm.play(viewer);
  expect((swarm.time.now() - startedAtMs) / 1000).toBeGreaterThan(0.85 * 20);
});
