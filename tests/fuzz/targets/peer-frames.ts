import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Bytes } from '@/src/base/bytes';
import type { PeerId } from '@/src/protocol/ids';
import {
  decodeBulk,
  decodeControl,
  encodeBlock,
  encodeControl,
  isValidRange,
  MAX_REQUESTED_RANGES,
  MAX_TOLD_PIECES,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { anyBytes, hexOf, mutatedBytes, plainRecord } from '../mutations';

/** Frames between peers: SPEC section F. */

const u32 = fc.oneof(fc.nat(70), fc.nat(2 ** 32 - 1), fc.constantFrom(16_384, 65_536, 2 ** 32 - 1));
const range = { piece: u32, offsetBytes: u32, lengthBytes: u32 };
/** Mostly few, and now and then as many as a frame may hold. */
function several<One>(one: fc.Arbitrary<One>, most: number): fc.Arbitrary<One[]> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.array(one, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(one, { minLength: most - 1, maxLength: most }) },
  );
}
const payload = fc.oneof(
  anyBytes({ maxLength: 40 }),
  fc.constantFrom(16_384, 16_383).map((length) => new Uint8Array(length)),
);
const filled = payload.filter(({ length }) => length > 0);
const hashRange = {
  root: hexOf(32),
  layer: fc.nat(32),
  index: fc.constant(0),
  length: fc.constantFrom(1, 2, 64, 256),
};

const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  plainRecord({
    type: fc.constant('hello' as const),
    version: fc.nat(65_535),
    peerId: hexOf(20).map((id) => id as PeerId),
    metadataBytes: u32,
  }),
  plainRecord({ type: fc.constant('metadata-size' as const), metadataBytes: u32 }),
  plainRecord({ type: fc.constantFrom('metadata-request' as const, 'metadata-reject' as const), part: u32 }),
  plainRecord({ type: fc.constant('metadata-data' as const), part: u32, payload: filled }),
  plainRecord({ type: fc.constantFrom('have-all' as const, 'have-none' as const, 'choke' as const, 'unchoke' as const) }),
  plainRecord({ type: fc.constant('bitfield-part' as const), firstByte: u32, payload: filled }),
  plainRecord({ type: fc.constant('have' as const), pieces: several(u32, MAX_TOLD_PIECES) }),
  plainRecord({ type: fc.constant('dont-have' as const), piece: u32 }),
  plainRecord({ type: fc.constant('push' as const), piece: u32, lengthBytes: u32 }),
  plainRecord({ type: fc.constant('request' as const), ranges: several(plainRecord(range), MAX_REQUESTED_RANGES) }),
  plainRecord({ type: fc.constantFrom('cancel' as const, 'reject' as const), ...range }),
  plainRecord({ type: fc.constantFrom('hash-request' as const, 'hash-reject' as const), ...hashRange }),
  plainRecord({
    type: fc.constant('hashes' as const),
    ...hashRange,
    hashes: fc.integer({ min: 1, max: 60 }).map((count) => new Uint8Array(count * 32).fill(count)),
  }),
);

export const controlFrame: fc.Arbitrary<Bytes> = message.map((one) => encodeControl(one));
export const blockFrame: fc.Arbitrary<Bytes> = fc
  .tuple(u32, u32, filled)
  .map(([piece, offsetBytes, block]) => encodeBlock(piece, offsetBytes, block));

export const PEER_FRAMES: FuzzTarget = {
  name: 'peer-frames',
  runs: 800,
  properties: [
    property('a-message-is-decoded-as-it-was-encoded', message, (sent) => {
      assert.deepEqual(decodeControl(encodeControl(sent)), sent);
    }),
    property('a-block-is-decoded-as-it-was-encoded', fc.tuple(u32, u32, filled), ([piece, offsetBytes, block]) => {
      assert.deepEqual(decodeBulk(encodeBlock(piece, offsetBytes, block)), {
        type: 'block',
        piece,
        offsetBytes,
        payload: block,
        waited: false,
      });
    }),
    // Else two sides could take one frame for two things.
    property('what-is-taken-for-a-message-has-one-spelling', mutatedBytes(fc.oneof(controlFrame, blockFrame)), (frame) => {
      const control = bounded(frame.length, () => decodeControl(frame));
      if (control !== undefined) assert.deepEqual(encodeControl(control), frame);
      const block = bounded(frame.length, () => decodeBulk(frame));
      if (block !== undefined) assert.deepEqual(encodeBlock(block.piece, block.offsetBytes, block.payload, block.waited), frame);
    }),
    property('a-valid-range-lies-in-its-piece', plainRecord({ ...range, pieceBytes: fc.integer({ min: 1, max: 2 ** 26 }) }), (asked) => {
      if (!isValidRange(asked, asked.pieceBytes)) return;
      assert.ok(asked.lengthBytes > 0 && asked.lengthBytes <= 65_536);
      assert.ok(asked.offsetBytes + asked.lengthBytes <= asked.pieceBytes);
    }),
  ],
};
