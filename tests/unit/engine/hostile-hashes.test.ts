import { afterEach, beforeEach, expect, test } from 'vitest';
import { PieceLayers } from '@/src/engine/piece-layers';
import { METADATA_PART_BYTES, type ControlMessage } from '@/src/protocol/peer-messages';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { servesCorruptPieces } from '@/tests/support/corrupt-pieces';
import { startHostilePeer, type HostileConnection, type HostilePeer } from '@/tests/support/hostile-peer';
import { LocalSwarm } from '@/tests/support/local-swarm';

/** Whole engines in the swarm of a v2 torrent, against a peer that met them by real signaling and WebRTC and lies about hashes. */

let swarm: LocalSwarm;
let hostile: HostilePeer | undefined;

beforeEach(async () => {
  swarm = await LocalSwarm.start(3_000_000, 64 * 1024, { kind: 'v2' });
});

afterEach(async () => {
  hostile?.stop();
  await swarm.close();
});

/** Has the description and claims to have every piece; what else it says is the test's. */
function startLiar(onControl: (connection: HostileConnection, message: ControlMessage) => void): Promise<string> {
  const closed = Promise.withResolvers<string>();
  const { infoBytes, infoHash } = swarm.info;
  hostile = startHostilePeer({
    signalingUrl: swarm.server.url,
    infoHash,
    onLink(connection) {
      connection.hello(infoBytes.length);
      connection.listen({
        onControl(message) {
          if (message.type === 'hello') connection.send({ type: 'have-all' });
          if (message.type === 'metadata-request') {
            const start = message.part * METADATA_PART_BYTES;
            connection.send({ type: 'metadata-data', part: message.part, payload: infoBytes.slice(start, start + METADATA_PART_BYTES) });
          }
          onControl(connection, message);
        },
        onClose: closed.resolve,
      });
    },
  });
  return closed.promise;
}

async function playsOnWithout(liarId: string | undefined, viewer: Awaited<ReturnType<LocalSwarm['join']>>): Promise<void> {
  await swarm.seed();
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  expect(done.peers.map(({ id }) => id)).not.toContain(liarId);
}

test('H3: a peer whose hashes do not prove themselves is dropped, and the film plays from others', async () => {
  const closed = startLiar((connection, message) => {
    if (message.type !== 'hash-request') return;
    const { root, layer, index, length } = message;
    connection.send({ type: 'hashes', root, layer, index, length, hashes: new Uint8Array(length * 32).fill(9) });
  });
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.calls.selectFile({ sessionId: viewer.sessionId, fileIndex: 0 });
  await closed;
  await playsOnWithout(hostile?.peerId, viewer);
});

test('H2: a peer that sends hashes nobody asked for is dropped', async () => {
  const closed = startLiar((connection, message) => {
    if (message.type !== 'metadata-size') return;
    connection.send({ type: 'hashes', root: '0'.repeat(64), layer: 0, index: 0, length: 1, hashes: new Uint8Array(32) });
  });
  const viewer = await swarm.join(createMemoryChunkStore());
  await closed;
  await playsOnWithout(hostile?.peerId, viewer);
});

test('H4: a peer that asks for hashes without end is dropped', async () => {
  const seeder = await swarm.seed();
  const closed = startLiar((connection, message) => {
    if (message.type !== 'hello') return;
    for (let time = 0; time < 100; time++) connection.send({ type: 'hash-request', root: '0'.repeat(64), layer: 0, index: 0, length: 1 });
  });
  await closed;
  const alone = await seeder.until(({ peers }) => peers.length === 0);
  expect(alone.state.kind).toBe('complete');
});

test('H6: whoever holds a piece tells the hashes of its blocks, which lead up to its own', async () => {
  const told = Promise.withResolvers<Uint8Array>();
  const layers = new PieceLayers(swarm.info);
  if (swarm.hashes !== undefined) layers.load(swarm.hashes);
  const lastPiece = swarm.info.pieceCount - 1;
  void startLiar((connection, message) => {
    const run = layers.leafRunOf(lastPiece);
    if (message.type === 'metadata-size' || message.type === 'have-all') {
      if (run !== undefined) connection.send({ type: 'hash-request', ...run });
    }
    if (message.type === 'hashes') told.resolve(message.hashes);
  });
  await swarm.seed();
  const leaves = new Uint8Array(await told.promise);
  expect(leaves).toHaveLength(Math.ceil((swarm.film.length % (64 * 1024)) / (16 * 1024)) * 32);
  expect(layers.provesLeaves(lastPiece, leaves)).toBe(true);
  leaves[40] = (leaves[40] ?? 0) ^ 1;
  expect(layers.provesLeaves(lastPiece, leaves)).toBe(false);
});

test('H5: a peer that has the pieces but refuses every hash holds nobody up once another knows them', async () => {
  const refused = Promise.withResolvers<void>();
  void startLiar((connection, message) => {
    if (message.type !== 'hash-request') return;
    const { root, layer, index, length } = message;
    connection.send({ type: 'hash-reject', root, layer, index, length });
    refused.resolve();
  });
  const viewer = await swarm.join(createMemoryChunkStore());
  const reading = viewer.read(0, swarm.film.length);
  await refused.promise;
  await swarm.seed();
  expect(await reading).toEqual(swarm.film);
});

test('B5, B6: blocks that do not lead up to the hash of their piece are found out in a v2 torrent, too', async () => {
  const dropped = Promise.withResolvers<void>();
  const { film, info, server } = swarm;
  hostile = servesCorruptPieces({
    signalingUrl: server.url,
    info,
    read: async (offsetBytes, lengthBytes) => film.slice(offsetBytes, offsetBytes + lengthBytes),
    onDropped: dropped.resolve,
  });
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ peers }) => peers.filter(({ state }) => state === 'connected').length === 2);
  expect(await viewer.read(0, film.length)).toEqual(film);
  await dropped.promise;
  const done = await viewer.until(({ peers }) => peers.length === 1);
  expect(done.peers.map(({ id }) => id)).not.toContain(hostile.peerId);
});
