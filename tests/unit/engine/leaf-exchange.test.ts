import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Bytes } from '@/src/base/bytes';
import { LeafExchange } from '@/src/engine/leaf-exchange';
import { PieceLayers } from '@/src/engine/piece-layers';
import { ContentHasher } from '@/src/protocol/content-hasher';
import { buildInfoDictionary } from '@/src/protocol/create-torrent';
import { describeAs, fakeFilm } from '@/tests/support/local-swarm';
import { ManualClock } from './manual-clock';
import { peerIdOf, RemoteEnd } from './remote-end';

const PIECE_BYTES = 64 * 1024;

test('H6: peers that all ask at once have pieces read for them one at a time, and each is answered', async () => {
  const film = fakeFilm(8 * PIECE_BYTES);
  const { info, hashes = new Uint8Array() } = describeAs('v2', film, PIECE_BYTES);
  const layers = new PieceLayers(info);
  layers.load(hashes);
  let reading = 0;
  let mostAtOnce = 0;
  const leaves = new LeafExchange({
    clock: new ManualClock(),
    engine: { sha256: async (bytes) => createHash('sha256').update(bytes).digest() },
    layers,
    holders: () => [],
    async readPiece(piece): Promise<Bytes> {
      mostAtOnce = Math.max(mostAtOnce, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
      return film.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    },
  });
  const remotes = [1, 2].map((byte) =>
    new RemoteEnd(peerIdOf(byte), { onHashes: (peer, message) => leaves.receive(peer, message) }).start(info).hello(info.infoBytes.length),
  );
  const answered = Promise.withResolvers<void>();
  const answers = (): number => remotes.reduce((count, { received }) => count + received.filter(({ type }) => type === 'hashes').length, 0);
  for (const remote of remotes) {
    remote.onReceived = () => {
      if (answers() === 2 * info.pieceCount) answered.resolve();
    };
    for (let piece = 0; piece < info.pieceCount; piece++) {
      const run = layers.leafRunOf(piece);
      if (run !== undefined) remote.send({ type: 'hash-request', ...run });
    }
  }
  await answered.promise;
  expect(mostAtOnce).toBe(1);
  for (const remote of remotes) {
    const told = remote.take('hashes');
    expect(told.map(({ index, length, hashes }) => layers.provesLeaves(index / length, new Uint8Array(hashes)))).toEqual(
      told.map(() => true),
    );
  }
});

test('H6: who tells the blocks of a file that is there twice is believed, whichever of the two was asked about', async () => {
  const film = fakeFilm(2 * PIECE_BYTES);
  const { info, hashes: layerHashes } = describeTwice(film);
  const layers = new PieceLayers(info);
  layers.load(layerHashes);
  const leaves = new LeafExchange({
    clock: new ManualClock(),
    engine: { sha256: async (bytes) => createHash('sha256').update(bytes).digest() },
    layers,
    holders: () => [remote.peer],
    readPiece: async () => undefined,
  });
  const remote: RemoteEnd = new RemoteEnd(peerIdOf(1), { onHashes: (peer, message) => leaves.receive(peer, message) })
    .start(info)
    .hello(info.infoBytes.length);
  const told = leaves.leavesOf(0);
  const [asked] = remote.take('hash-request');
  const blocks = Array.from({ length: 4 }, (_, block) => createHash('sha256').update(film.subarray(block * 16_384, (block + 1) * 16_384)));
  const hashes = new Uint8Array(Buffer.concat(blocks.map((hash) => hash.digest())));
  if (asked === undefined) throw new Error('The peer was not asked.');
  const { root, layer, index, length } = asked;
  remote.send({ type: 'hashes', root, layer, index, length, hashes });
  expect(await told).toEqual(hashes);
  expect(remote.peer.isGone).toBe(false);
});

function describeTwice(film: Bytes) {
  const files = ['a.bin', 'b.bin'].map((name) => ({ path: [name], lengthBytes: film.length }));
  const hasher = new ContentHasher({ kind: 'v2', files, pieceLengthBytes: PIECE_BYTES, startHash: (algorithm) => createHash(algorithm) });
  for (const _file of files) {
    hasher.update(film);
    hasher.endFile();
  }
  const { hashes = new Uint8Array(), ...hashed } = hasher.finish();
  return { info: buildInfoDictionary({ name: 'twice', pieceLengthBytes: PIECE_BYTES, single: false, ...hashed }), hashes };
}
