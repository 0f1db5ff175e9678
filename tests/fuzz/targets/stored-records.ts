import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import { FilmIndex } from '@/src/engine/film-index';
import { decodeVerified, encodeSlot, type VerifiedRecord } from '@/src/store/verified-record';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { mutatedBytes, mutatedJson } from '../mutations';

/** What the store and the engine find on the disk: a crash or another program may have been at it. */

interface RecordParts {
  readonly sequence: number;
  readonly layoutTag: number;
  readonly pieceLengthBytes: number;
  readonly pieces: readonly boolean[];
}

const record: fc.Arbitrary<RecordParts> = fc.record({
  sequence: fc.nat(2 ** 32 - 1),
  layoutTag: fc.nat(2 ** 32 - 1),
  pieceLengthBytes: fc.constantFrom(16_384, 65_536),
  pieces: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
});

function recordOf({ sequence, layoutTag, pieceLengthBytes, pieces }: RecordParts): VerifiedRecord {
  const verified = new Bitfield(pieces.length);
  for (const [piece, isThere] of pieces.entries()) if (isThere) verified.add(piece);
  return { sequence, layoutTag, pieceLengthBytes, totalBytes: pieces.length * pieceLengthBytes - 1, verified, proven: verified };
}

function fileOf(first: Bytes, second: Bytes): Bytes {
  const file = new Uint8Array(first.length + second.length);
  file.set(first);
  file.set(second, first.length);
  return file;
}

const NOW_MS = 1_800_000_000_000;
const step = fc.record({
  kind: fc.constantFrom('came', 'watched', 'leave'),
  at: fc.nat(40),
  minutes: fc.nat(50_000_000),
  positionS: fc.option(fc.nat(9000), { nil: undefined }),
});
const storedIndex = mutatedJson({
  version: fc.constant(1),
  watchedAtMs: fc.constantFrom(0, NOW_MS, 1e308, -1),
  used: fc.array(fc.tuple(fc.oneof(fc.nat(50), fc.maxSafeNat()), fc.oneof(fc.nat(2 ** 32), fc.maxSafeNat())), { maxLength: 8 }),
  positions: fc.array(fc.tuple(fc.nat(300), fc.nat(9000)), { maxLength: 210 }),
}).map((json) => new TextEncoder().encode(JSON.stringify(json)));

export const STORED_RECORDS: FuzzTarget = {
  name: 'stored-records',
  runs: 300,
  properties: [
    property('a-record-is-read-as-it-was-written', fc.tuple(record, record), ([parts, older]) => {
      const written = recordOf(parts);
      const read = decodeVerified(
        fileOf(
          encodeSlot(written),
          encodeSlot(recordOf({ ...older, sequence: 0, pieces: parts.pieces, pieceLengthBytes: parts.pieceLengthBytes })),
        ),
      );
      assert.ok(read !== undefined);
      if (parts.sequence > 0) assert.deepEqual({ ...read }, written);
    }),
    property(
      'of-a-damaged-record-nothing-is-believed',
      record.chain((parts) => {
        const slot = encodeSlot(recordOf(parts));
        return mutatedBytes(fc.constant(fileOf(slot, slot)));
      }),
      (file) => {
        const read = bounded(file.length, () => decodeVerified(file));
        if (read === undefined) return;
        // Whatever is believed has the checksum of a slot that was written.
        const again = decodeVerified(fileOf(encodeSlot(read), encodeSlot(read)));
        assert.deepEqual(again, read);
      },
    ),
    property(
      'an-index-is-read-as-it-was-written',
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 60 })),
      ([pieceCount, steps]) => {
        const index = FilmIndex.decode(undefined, pieceCount, 0);
        for (const { kind, at, minutes, positionS } of steps) {
          if (kind === 'came') index.came(at % pieceCount, minutes * 60_000);
          else if (kind === 'watched') index.watched(at % pieceCount, minutes * 60_000);
          else index.leave(at, positionS);
        }
        const read = FilmIndex.decode(index.encode(), pieceCount, 50_000_000 * 60_000);
        assert.equal(read.watchedAtMs, index.watchedAtMs);
        for (let piece = 0; piece < pieceCount; piece++) assert.equal(read.usedAtMinutes(piece), index.usedAtMinutes(piece));
        for (let file = 0; file <= 40; file++) assert.equal(read.positionS(file), index.positionS(file));
        assert.deepEqual(read.encode(), index.encode());
      },
    ),
    property('a-damaged-index-costs-an-order', fc.tuple(mutatedBytes(storedIndex), fc.nat(40)), ([bytes, pieceCount]) => {
      const index = bounded(bytes.length, () => FilmIndex.decode(bytes, pieceCount, NOW_MS));
      assert.ok(index.watchedAtMs <= NOW_MS);
      for (let piece = 0; piece < pieceCount; piece++) assert.ok(index.usedAtMinutes(piece) <= 2 ** 32);
      const again = FilmIndex.decode(index.encode(), pieceCount, NOW_MS);
      assert.deepEqual(again.encode(), index.encode());
    }),
    property(
      'a-long-index-is-read-in-time',
      fc.tuple(fc.integer({ min: 1, max: 500_000 }), fc.integer({ min: 0, max: 300_000 }), fc.nat(1)),
      ([pieceCount, runs, step]) => {
        const used = Array.from({ length: runs }, (_, index) => [index * step, index]);
        const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, watchedAtMs: 0, used, positions: [] }));
        bounded(bytes.length, () => FilmIndex.decode(bytes, pieceCount, NOW_MS), { cpuMs: 3000 });
      },
      100,
    ),
  ],
};
