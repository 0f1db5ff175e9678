import { afterEach, expect, test } from 'vitest';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { servesCorruptPieces } from '@/tests/support/corrupt-pieces';
import { startHostilePeer, type HostilePeer } from '@/tests/support/hostile-peer';
import { LocalSwarm } from '@/tests/support/local-swarm';

/** Whole engines against a peer that met them by real signaling and WebRTC, and then breaks the rules. */

let swarm: LocalSwarm;
let hostile: HostilePeer | undefined;

afterEach(async () => {
  hostile?.stop();
  await swarm.close();
});

function corruptSeeder(onDropped: () => void, isCorrupt?: (piece: number) => boolean): HostilePeer {
  const { film, info, server } = swarm;
  return servesCorruptPieces({
    signalingUrl: server.url,
    info,
    read: async (offsetBytes, lengthBytes) => film.slice(offsetBytes, offsetBytes + lengthBytes),
    onDropped,
    ...(isCorrupt === undefined ? {} : { isCorrupt }),
  });
}

test('B5, B6: a seeder whose every piece is corrupt is dropped before a byte is given out, and does not come back', async () => {
  swarm = await LocalSwarm.start();
  const dropped = Promise.withResolvers<void>();
  hostile = corruptSeeder(dropped.resolve);
  const viewer = await swarm.join(createMemoryChunkStore());
  const reading = viewer.read(0, swarm.film.length);
  await dropped.promise;
  const alone = await viewer.until(({ peers, files }) => files !== undefined && peers.length === 0);
  expect(alone.files?.[0]?.verifiedBytes).toBe(0);
  await swarm.seed();
  expect(await reading).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  expect(done.peers.map(({ id }) => id)).not.toContain(hostile.peerId);
});

test('B6: among honest peers the one that lies is found out, and only that one', async () => {
  swarm = await LocalSwarm.start(6_000_000, 256 * 1024);
  const dropped = Promise.withResolvers<void>();
  hostile = corruptSeeder(dropped.resolve);
  const liarId = hostile.peerId;
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ peers }) => peers.filter(({ state }) => state === 'connected').length === 2);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  await dropped.promise;
  const done = await viewer.until(({ peers }) => peers.every(({ id }) => id !== liarId));
  expect(done.peers).toHaveLength(1);
});

test('L3: a peer that says something else before its hello is let go, and the film plays on', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  const closed = Promise.withResolvers<string>();
  hostile = startHostilePeer({
    signalingUrl: swarm.server.url,
    infoHash: swarm.info.infoHash,
    onLink(connection) {
      connection.send({ type: 'have-all' });
      connection.listen({ onClose: closed.resolve });
    },
  });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  expect(await closed.promise).toMatch(/left|lost/);
});
