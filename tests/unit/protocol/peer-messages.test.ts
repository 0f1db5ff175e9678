import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '@/src/base/bytes';
import type { PeerId } from '@/src/protocol/ids';
import {
  BITFIELD_PART_BYTES,
  decodeBulk,
  decodeControl,
  encodeBlock,
  encodeControl,
  isValidRange,
  MAX_BLOCK_BYTES,
  MAX_BULK_FRAME_BYTES,
  MAX_CONTROL_FRAME_BYTES,
  MAX_LANE_TEXT_BYTES,
  MAX_REQUESTED_RANGES,
  MAX_TOLD_PIECES,
  type BlockRange,
  type ControlMessage,
} from '@/src/protocol/peer-messages';

const KIB = 1024;
const PEER_ID = '0123456789abcdef0123456789abcdef01234567' as PeerId;

const u32 = fc.nat(0xffff_ffff);
const payload = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => new Uint8Array(bytes));
const peerId = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex') as PeerId);
const range: fc.Arbitrary<BlockRange> = fc.record({ piece: u32, offsetBytes: u32, lengthBytes: u32 });
const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: fc.nat(0xffff), peerId, metadataBytes: u32 }),
  fc.record({ type: fc.constant('metadata-size' as const), metadataBytes: u32 }),
  fc.record({ type: fc.constantFrom('metadata-request' as const, 'metadata-reject' as const), part: u32 }),
  fc.record({ type: fc.constant('metadata-data' as const), part: u32, payload }),
  fc.record({ type: fc.constantFrom('have-all' as const, 'have-none' as const, 'choke' as const, 'unchoke' as const) }),
  fc.record({ type: fc.constant('bitfield-part' as const), firstByte: u32, payload }),
  fc.record({ type: fc.constant('have' as const), pieces: fc.array(u32, { minLength: 1, maxLength: MAX_TOLD_PIECES }) }),
  fc.record({ type: fc.constant('dont-have' as const), piece: u32 }),
  fc.record({ type: fc.constant('request' as const), ranges: fc.array(range, { minLength: 1, maxLength: MAX_REQUESTED_RANGES }) }),
  fc.record({
    type: fc.constantFrom('cancel' as const, 'reject' as const),
    piece: u32,
    offsetBytes: u32,
    lengthBytes: u32,
  }),
  fc.record({
    type: fc.constantFrom('lane-offer' as const, 'lane-answer' as const, 'lane-candidates' as const),
    lane: fc.nat(255),
    text: fc.string({ minLength: 1, unit: 'binary-ascii' }),
  }),
  fc.record({ type: fc.constant('lane-close' as const), lane: fc.nat(255) }),
);

/** One of each type, with the length its frame has. */
const EXAMPLES: readonly (readonly [ControlMessage, number])[] = [
  [{ type: 'hello', version: 1, peerId: PEER_ID, metadataBytes: 7 }, 27],
  [{ type: 'metadata-size', metadataBytes: 7 }, 5],
  [{ type: 'metadata-request', part: 7 }, 5],
  [{ type: 'metadata-reject', part: 7 }, 5],
  [{ type: 'have-all' }, 1],
  [{ type: 'have-none' }, 1],
  [{ type: 'have', pieces: [7] }, 5],
  [{ type: 'have', pieces: [7, 9] }, 9],
  [{ type: 'dont-have', piece: 7 }, 5],
  [{ type: 'choke' }, 1],
  [{ type: 'unchoke' }, 1],
  [{ type: 'request', ranges: [{ piece: 1, offsetBytes: 2, lengthBytes: 3 }] }, 13],
  [
    {
      type: 'request',
      ranges: [
        { piece: 1, offsetBytes: 2, lengthBytes: 3 },
        { piece: 4, offsetBytes: 5, lengthBytes: 6 },
      ],
    },
    25,
  ],
  [{ type: 'cancel', piece: 1, offsetBytes: 2, lengthBytes: 3 }, 13],
  [{ type: 'reject', piece: 1, offsetBytes: 2, lengthBytes: 3 }, 13],
];

function requestOf(count: number): ControlMessage {
  const ranges = Array.from({ length: count }, (_, index) => ({ piece: index, offsetBytes: 16 * KIB * index, lengthBytes: 16 * KIB }));
  return { type: 'request', ranges };
}

function haveOf(count: number): ControlMessage {
  return { type: 'have', pieces: Array.from({ length: count }, (_, index) => 0xffff_ffff - index) };
}

const offer = (text: string): ControlMessage => ({ type: 'lane-offer', lane: 3, text });

describe('control frames', () => {
  test('what is encoded decodes to the same message', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodeControl(encodeControl(sent))).toEqual(sent);
      }),
    );
  });

  test('a frame in the middle of a larger buffer decodes the same', () => {
    fc.assert(
      fc.property(message, fc.nat(20), (sent, before) => {
        const frame = encodeControl(sent);
        const buffer = new Uint8Array(before + frame.length + 3).fill(255);
        buffer.set(frame, before);
        expect(decodeControl(buffer.subarray(before, before + frame.length))).toEqual(sent);
      }),
    );
  });

  test('integers are big-endian behind a type byte', () => {
    expect([...encodeControl({ type: 'have', pieces: [0x0102_0304] })]).toEqual([9, 1, 2, 3, 4]);
    expect([...encodeControl({ type: 'have', pieces: [1, 0x0102_0304] })]).toEqual([9, 0, 0, 0, 1, 1, 2, 3, 4]);
    const first = { piece: 1, offsetBytes: 0x4000, lengthBytes: 0x1_0000 };
    expect([...encodeControl({ type: 'request', ranges: [first] })]).toEqual([10, 0, 0, 0, 1, 0, 0, 0x40, 0, 0, 1, 0, 0]);
    const second = { piece: 2, offsetBytes: 0, lengthBytes: 0x4000 };
    expect([...encodeControl({ type: 'request', ranges: [first, second] })]).toEqual([
      10, 0, 0, 0, 1, 0, 0, 0x40, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x40, 0,
    ]);
  });

  test.each([
    ['B1: a request asks for 1 to 64 blocks', 64, 12, requestOf],
    ['P3: a have tells of 1 to 256 pieces', 256, 4, haveOf],
  ])('%s', (_, most, bytesEach, frameOf) => {
    for (const count of [1, 2, most]) {
      const sent = frameOf(count);
      const frame = encodeControl(sent);
      expect(frame).toHaveLength(1 + count * bytesEach);
      expect(decodeControl(frame)).toEqual(sent);
    }
    for (const count of [0, most + 1]) expect(decodeControl(encodeControl(frameOf(count)))).toBeUndefined();
    const two = encodeControl(frameOf(2));
    for (let lengthBytes = 2; lengthBytes < two.length; lengthBytes++) {
      if (lengthBytes === 1 + bytesEach) continue;
      expect(decodeControl(two.subarray(0, lengthBytes)), `${lengthBytes} bytes`).toBeUndefined();
    }
  });

  test.each(EXAMPLES)('L2: a %o frame has one length only', (sent, lengthBytes) => {
    const frame = encodeControl(sent);
    expect(frame).toHaveLength(lengthBytes);
    expect(decodeControl(frame.subarray(0, -1))).toBeUndefined();
    expect(decodeControl(new Uint8Array([...frame, 0]))).toBeUndefined();
  });

  test.each(['metadata-data', 'bitfield-part'] as const)('L2: a %s carries 1 to 16,384 bytes', (type) => {
    const frameOf = (payload: Bytes): Bytes =>
      encodeControl(type === 'metadata-data' ? { type, part: 0, payload } : { type, firstByte: 0, payload });
    expect(decodeControl(frameOf(new Uint8Array(0)))).toBeUndefined();
    expect(decodeControl(frameOf(new Uint8Array(1)))).toBeDefined();
    expect(decodeControl(frameOf(new Uint8Array(BITFIELD_PART_BYTES)))).toBeDefined();
    expect(decodeControl(frameOf(new Uint8Array(BITFIELD_PART_BYTES + 1)))).toBeUndefined();
  });

  test('L6: what sets up a lane has 1 to 16,384 bytes of ASCII, and comes back as it was', () => {
    for (const text of ['v', 'v=0\r\n', 'x'.repeat(MAX_LANE_TEXT_BYTES)]) {
      expect(decodeControl(encodeControl(offer(text)))).toEqual(offer(text));
    }
    for (const text of ['', 'x'.repeat(MAX_LANE_TEXT_BYTES + 1)]) expect(decodeControl(encodeControl(offer(text)))).toBeUndefined();
    expect(decodeControl(Uint8Array.of(24, 3, 0xc3, 0xb6))).toBeUndefined();
    expect(decodeControl(Uint8Array.of(27, 3, 0))).toBeUndefined();
    expect(decodeControl(Uint8Array.of(27))).toBeUndefined();
    expect(decodeControl(encodeControl({ type: 'lane-close', lane: 3 }))).toEqual({ type: 'lane-close', lane: 3 });
  });

  test('L2: no bytes throw, and what decodes encodes to the very same bytes', () => {
    const frames = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.integer({ min: 0, max: 40 }), fc.uint8Array({ maxLength: 30 })).map(([type, rest]) => Uint8Array.of(type, ...rest)),
    );
    fc.assert(
      fc.property(frames, (bytes) => {
        const frame = new Uint8Array(bytes);
        const decoded = decodeControl(frame);
        expect(decoded === undefined ? frame : encodeControl(decoded)).toEqual(frame);
      }),
      { numRuns: 2000 },
    );
  });

  test('L2: every type that is not listed is refused', () => {
    for (let type = 0; type < 256; type++) {
      if ((type >= 1 && type <= 18) || (type >= 24 && type <= 27)) continue;
      for (const lengthBytes of [1, 5, 6, 13, 27]) expect(decodeControl(new Uint8Array(lengthBytes).fill(type, 0, 1))).toBeUndefined();
    }
    expect(decodeControl(new Uint8Array(MAX_CONTROL_FRAME_BYTES + 1).fill(5, 0, 1))).toBeUndefined();
    expect(decodeControl(new Uint8Array(0))).toBeUndefined();
  });
});

describe('block frames', () => {
  test('what is encoded decodes to the same block', () => {
    fc.assert(
      fc.property(u32, u32, payload, (piece, offsetBytes, bytes) => {
        expect(decodeBulk(encodeBlock(piece, offsetBytes, bytes))).toEqual({
          type: 'block',
          piece,
          offsetBytes,
          payload: bytes,
          waited: false,
        });
      }),
    );
  });

  test('B7: one that waited at its sender says so, and is the same block', () => {
    const waited = encodeBlock(3, 0, new Uint8Array(5), true);
    expect(waited[0]).toBe(33);
    expect(decodeBulk(waited)).toEqual({ ...decodeBulk(encodeBlock(3, 0, new Uint8Array(5))), waited: true });
  });

  test('put together in room that is there already, it is a view of its beginning, whatever was there before', () => {
    fc.assert(
      fc.property(u32, u32, payload, (piece, offsetBytes, bytes) => {
        const room = new Uint8Array(MAX_BULK_FRAME_BYTES).fill(255);
        const frame = encodeBlock(piece, offsetBytes, bytes, false, room);
        expect(frame).toEqual(encodeBlock(piece, offsetBytes, bytes));
        expect([frame.buffer === room.buffer, frame.byteOffset]).toEqual([true, 0]);
        expect(room[frame.length]).toBe(255);
      }),
    );
    expect(encodeBlock(1, 0, new Uint8Array(MAX_BLOCK_BYTES), false, new Uint8Array(MAX_BULK_FRAME_BYTES))).toHaveLength(
      MAX_BULK_FRAME_BYTES,
    );
  });

  test('the payload is a view of the frame, not a copy', () => {
    const frame = encodeBlock(1, 0, new Uint8Array(100));
    expect(decodeBulk(frame)?.payload.buffer).toBe(frame.buffer);
  });

  test('L2: a block carries 1 to 65,536 bytes', () => {
    expect(decodeBulk(encodeBlock(0, 0, new Uint8Array(0)))).toBeUndefined();
    expect(decodeBulk(encodeBlock(0, 0, new Uint8Array(MAX_BLOCK_BYTES)))?.payload).toHaveLength(MAX_BLOCK_BYTES);
    expect(decodeBulk(encodeBlock(0, 0, new Uint8Array(MAX_BLOCK_BYTES + 1)))).toBeUndefined();
  });

  test('L2: no bytes throw, and control frames are no blocks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const frame = new Uint8Array(bytes);
        const block = decodeBulk(frame);
        expect(block === undefined ? frame : encodeBlock(block.piece, block.offsetBytes, block.payload, block.waited)).toEqual(frame);
      }),
    );
    for (const [example] of EXAMPLES) expect(decodeBulk(encodeControl(example))).toBeUndefined();
  });
});

describe('B1: a range that may be asked for', () => {
  const PIECE_BYTES = 100 * KIB + 5;

  test.each([
    ['a unit at the start', 0, 16 * KIB],
    ['the most at once', 0, 64 * KIB],
    ['a unit further on', 32 * KIB, 16 * KIB],
    ['the end of the piece, which is no whole unit', 96 * KIB, 4 * KIB + 5],
    ['units up to the end of the piece', 64 * KIB, 36 * KIB + 5],
  ])('%s', (_, offsetBytes, lengthBytes) => {
    expect(isValidRange({ piece: 0, offsetBytes, lengthBytes }, PIECE_BYTES)).toBe(true);
  });

  test.each([
    ['nothing', 0, 0],
    ['more than 64 KiB', 0, 80 * KIB],
    ['a start off the grid', 1, 16 * KIB],
    ['an end off the grid and inside the piece', 0, 16 * KIB - 1],
    ['an end after the piece', 96 * KIB, 16 * KIB],
    ['a start after the piece', 112 * KIB, 16 * KIB],
    ['the largest numbers a frame can hold', 0xffff_ffff, 0xffff_ffff],
  ])('not %s', (_, offsetBytes, lengthBytes) => {
    expect(isValidRange({ piece: 0, offsetBytes, lengthBytes }, PIECE_BYTES)).toBe(false);
  });

  test('a piece smaller than a unit is asked for whole', () => {
    expect(isValidRange({ piece: 0, offsetBytes: 0, lengthBytes: 7 }, 7)).toBe(true);
    expect(isValidRange({ piece: 0, offsetBytes: 0, lengthBytes: 6 }, 7)).toBe(false);
  });
});
