import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import { readExtendedHandshake } from '@/src/transport/extended-handshake';
import { dictionary, extended, extendedHandshake, guardedWire, handshake, message } from '@/tests/unit/transport/wire-bytes';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { anyBytes, mutatedBytes } from '../mutations';
import { bencodeValue } from './bencode';

/** The guard in front of the WebTorrent library: framing, handshakes, metadata messages. */

const SHAPE = { pieceCount: 10, pieceLengthBytes: 32_768, totalBytes: 300_000 };

const piece = fc.oneof(fc.nat(11), fc.constantFrom(2 ** 31, 2 ** 32 - 1));
const offset = fc.constantFrom(0, 16_384, 32_768, 1, 2 ** 31, 2 ** 32 - 1);
const length = fc.constantFrom(0, 1, 16_384, 32_768, 131_073, 2 ** 32 - 1);
const small = anyBytes({ maxLength: 30 });

const extendedPayload = fc.oneof(
  fc.record({ msg_type: fc.nat(3), piece: fc.nat(700), total_size: fc.nat() }, { requiredKeys: ['msg_type', 'piece'] }).map(dictionary),
  fc
    .record({ m: fc.constant(new Map([['ut_metadata', 3]])), metadata_size: fc.integer(), reqq: fc.integer() }, { requiredKeys: [] })
    .map((entries) => dictionary(defined(entries))),
  small,
);

const frame: fc.Arbitrary<Bytes> = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 14, 15).map((type) => message(type)),
  fc.tuple(fc.constantFrom(4, 13, 17), piece).map(([type, index]) => message(type, [index])),
  fc.tuple(fc.constantFrom(6, 8, 16), piece, offset, length).map(([type, ...block]) => message(type, block)),
  fc.tuple(piece, offset, small).map(([index, at, block]) => message(7, [index, at], block)),
  fc.constantFrom(1, 2, 3).map((bytes) => message(5, [], new Uint8Array(bytes))),
  fc.tuple(fc.nat(3), extendedPayload).map(([id, payload]) => extended(id, payload)),
  fc.tuple(fc.integer({ min: 0, max: 255 }), small).map(([type, body]) => message(type, [], body)),
  fc.constant(new Uint8Array(4)),
);

const stream = fc
  .tuple(fc.boolean(), fc.array(frame, { maxLength: 12 }))
  .map(([fast, frames]) => concatBytes(handshake({ fast }), extendedHandshake(2, 40_000), ...frames));
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 });

export const WEBTORRENT_WIRE: FuzzTarget = {
  name: 'webtorrent-wire',
  runs: 300,
  properties: [
    property('how-a-stream-is-cut-changes-nothing', fc.tuple(mutatedBytes(stream, 3), cuts, fc.boolean()), ([bytes, sizes, knows]) => {
      const whole = received([bytes], knows);
      const parts = received(cutUp(bytes, sizes), knows);
      assert.deepEqual([parts.offences, parts.replies], [whole.offences, whole.replies]);
      // Of what comes with an offence in one chunk nothing need be passed on.
      if (whole.offences.length === 0) assert.deepEqual(parts.forwarded, whole.forwarded);
      else assert.deepEqual(parts.forwarded.subarray(0, whole.forwarded.length), whole.forwarded);
      assert.ok(parts.forwarded.length <= bytes.length);
      assert.ok(whole.offences.length <= 1);
    }),
    property('a-block-comes-as-often-as-it-was-asked-for', fc.array(fc.tuple(fc.boolean(), fc.nat(2)), { maxLength: 30 }), (steps) => {
      const wire = begun(true);
      const block = message(7, [0, 0], new Uint8Array(16_384));
      let asked = 0;
      let came = 0;
      for (const [asks, at] of steps) {
        if (asks) {
          wire.guard.sending(message(6, [0, 0, 16_384]));
          asked++;
        } else {
          wire.guard.receive(block.subarray(0, at * 100));
          wire.guard.receive(block.subarray(at * 100));
          came++;
        }
        assert.equal(wire.offences.length, came > asked ? 1 : 0);
        if (came > asked) return;
      }
    }),
    property(
      'a-handshake-of-extensions-is-sound-or-nothing',
      mutatedBytes(
        fc.oneof(
          extendedPayload,
          bencodeValue.map((value) => dictionary({ m: value, reqq: value })),
        ),
      ),
      (payload) => {
        const read = bounded(payload.length, () => readExtendedHandshake(payload, 1000));
        if (read === undefined) return;
        assert.ok(payload.length <= 1000);
        for (const [name, id] of read.idsByName) assert.ok(name !== '__proto__' && id >= 0 && id <= 255);
      },
    ),
  ],
};

function begun(knowsTorrent: boolean): ReturnType<typeof guardedWire> {
  const wire = guardedWire();
  wire.guard.sending(handshake({ peerId: 'ef'.repeat(20) }));
  wire.guard.sending(extendedHandshake(1));
  if (knowsTorrent) wire.guard.setTorrent(SHAPE);
  wire.guard.sending(message(6, [1, 0, 16_384]));
  wire.guard.sending(extended(2, dictionary({ msg_type: 0, piece: 0 })));
  wire.guard.receive(handshake());
  return wire;
}

/** @param chunks the peer's stream, its handshake included */
function received(chunks: readonly Bytes[], knowsTorrent: boolean): { forwarded: Bytes; offences: readonly string[]; replies: Bytes } {
  const wire = guardedWire();
  wire.guard.sending(handshake({ peerId: 'ef'.repeat(20) }));
  wire.guard.sending(extendedHandshake(1));
  if (knowsTorrent) wire.guard.setTorrent(SHAPE);
  wire.guard.sending(message(6, [1, 0, 16_384]));
  for (const chunk of chunks) bounded(chunk.length, () => wire.guard.receive(chunk));
  return { forwarded: wire.forwarded(), offences: wire.offences, replies: concatBytes(...wire.replies) };
}

function cutUp(bytes: Bytes, sizes: readonly number[]): Bytes[] {
  const chunks: Bytes[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at < bytes.length) chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  if (at < bytes.length) chunks.push(bytes.subarray(at));
  return chunks;
}

function defined<Value>(entries: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
