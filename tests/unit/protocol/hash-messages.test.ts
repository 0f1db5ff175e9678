import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '@/src/base/bytes';
import { decodeControl, encodeControl, MAX_CONTROL_FRAME_BYTES, type ControlMessage } from '@/src/protocol/peer-messages';

const range = fc
  .record({
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex),
    layer: fc.nat(32),
    lengthLog: fc.nat(8),
    at: fc.nat(1_000_000),
  })
  .map(({ root, layer, lengthLog, at }) => ({ root, layer, index: at * 2 ** lengthLog, length: 2 ** lengthLog }));
const hashes = fc.integer({ min: 1, max: 296 }).map((count) => new Uint8Array(count * 32).fill(count));

const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  range.map((run) => ({ type: 'hash-request', ...run }) as const),
  range.map((run) => ({ type: 'hash-reject', ...run }) as const),
  fc.tuple(range, hashes).map(([run, payload]) => ({ type: 'hashes', ...run, hashes: payload }) as const),
);

describe('frames of hash trees', () => {
  test('come back as they were sent, and fit a control frame', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const frame = encodeControl(sent);
        expect(frame.length).toBeLessThanOrEqual(MAX_CONTROL_FRAME_BYTES);
        expect(decodeControl(frame)).toEqual(sent);
      }),
    );
  });

  test('L2: cut short, or a byte too long, are no frames', () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, cut) => {
        const frame = encodeControl(sent);
        const short = frame.slice(0, cut % Math.min(frame.length, 45));
        expect(decodeControl(short)).toBeUndefined();
        const long = new Uint8Array(frame.length + 1);
        long.set(frame);
        expect(decodeControl(long)).toBeUndefined();
      }),
    );
  });

  test.each([
    ['a run of no power of two', { length: 3, index: 0 }],
    ['a run of none', { length: 0, index: 0 }],
    ['more hashes than one answer holds', { length: 512, index: 0 }],
    ['a run that begins inside of another', { length: 4, index: 2 }],
    ['a layer above any tree', { layer: 33 }],
  ])('L2: %s is no frame', (_, change) => {
    const frame = encodeControl({ type: 'hash-request', root: 'ab'.repeat(32), layer: 2, index: 0, length: 4, ...change });
    expect(decodeControl(frame)).toBeUndefined();
  });
});
