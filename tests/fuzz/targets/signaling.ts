import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import {
  announceAckSchema,
  announceSchema,
  directedSchema,
  leaveSchema,
  peerLeftSchema,
  relayAckSchema,
  relayedSchema,
  signalingErrorSchema,
} from '@/src/protocol/signaling-events';
import { decodePacket, encodePacket, PACKET_TYPE } from '@/src/protocol/socket-io-packets';
import { decodeWireSignal, encodeWireSignal, MAX_WIRE_SIGNAL_BYTES, type WireSignal } from '@/src/protocol/wire-signals';
import type { OfferId, PeerId } from '@/src/protocol/ids';
import { bounded, unlessRefused } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { hexOf, mutatedBytes, mutatedJson, mutatedText, plainRecord } from '../mutations';

/** What signaling servers and their clients say to each other, and what viewers say on WebTorrent wires. */

const id = hexOf(20);
const sealed = fc.string({ unit: fc.constantFrom('a', 'B', '3', '-', '_'), minLength: 1, maxLength: 40 });
const offers = fc.array(fc.record({ offerId: id, sealed }), { maxLength: 11 });
const error = fc.record({ code: fc.constantFrom('bad-message', 'rate-limited', 'else'), message: fc.string({ maxLength: 20 }) });

const SCHEMAS = {
  announce: announceSchema,
  directed: directedSchema,
  relayed: relayedSchema,
  leave: leaveSchema,
  peerLeft: peerLeftSchema,
  announceAck: announceAckSchema,
  relayAck: relayAckSchema,
  error: signalingErrorSchema,
} satisfies Record<string, v.GenericSchema>;

const event = fc.oneof(
  mutatedJson({ swarmId: id, peerId: id, resumeToken: hexOf(32), want: fc.nat(11), offers, skip: fc.array(id, { maxLength: 160 }) }),
  mutatedJson({ to: id, from: id, swarmId: id, offerId: id, sealed }),
  mutatedJson({ from: id, swarmId: id, offerId: id, sealed }),
  mutatedJson({ swarmId: id, peerId: id }),
  mutatedJson({
    peers: fc.array(fc.record({ peerId: id, offerId: id }, { requiredKeys: ['peerId'] }), { maxLength: 5 }),
    intervalSeconds: fc.constantFrom(10, 3600, 9, 1e9, 0),
  }),
  mutatedJson({ ok: fc.boolean(), error, code: fc.constant('bad-message'), message: fc.string() }),
);

const packet = fc
  .tuple(
    fc.constantFrom(...Object.values(PACKET_TYPE)),
    fc.option(fc.nat(999_999_999), { nil: undefined }),
    fc.option(fc.jsonValue(), { nil: undefined }),
  )
  .map(([type, number, data]) =>
    encodePacket({ type, ...(number === undefined ? {} : { id: number }), ...(data === undefined ? {} : { data }) }),
  );
const packets = fc.oneof(
  packet,
  fc.constantFrom('0', '1', '2["offer",{}]', '27["announce",{"a":1}]', '31[{}]', '4{"message":"no"}', '2["connect"]', '4'),
);

const wireSignal: fc.Arbitrary<WireSignal> = fc.oneof(
  plainRecord({ kind: fc.constant('hello' as const), peerId: id.map((peer) => peer as PeerId) }),
  plainRecord({
    kind: fc.constantFrom('offer' as const, 'answer' as const, 'ice-candidate' as const),
    offerId: id.map((offer) => offer as OfferId),
    text: fc.string({ unit: 'grapheme' }),
  }),
);

export const SIGNALING: FuzzTarget = {
  name: 'signaling',
  runs: 400,
  properties: [
    property('an-event-that-passes-passes-again', event, (json) => {
      const inputBytes = JSON.stringify(json)?.length ?? 0;
      for (const schema of Object.values<v.GenericSchema>(SCHEMAS)) {
        const parsed = bounded(inputBytes, () => v.safeParse(schema, json));
        if (!parsed.success) continue;
        assert.deepEqual(v.parse(schema, parsed.output), parsed.output);
        // Nothing gets through that was not named.
        assert.ok(JSON.stringify(parsed.output).length <= inputBytes + 40);
      }
    }),
    property('a-packet-is-whole-or-refused', mutatedText(packets, ['2[', '{"', '31', '9'.repeat(9)]), (text) => {
      const decoded = bounded(text.length, () => unlessRefused(() => decodePacket(text, Object.values(PACKET_TYPE)), SyntaxError));
      if (decoded === undefined) return;
      // JSON has numbers that cannot be written again as they were: 1e999.
      const written = encodePacket(decoded);
      assert.equal(encodePacket(decodePacket(written, Object.values(PACKET_TYPE))), written);
    }),
    property('deep-packets-are-whole-or-refused', fc.tuple(fc.constantFrom('[', '{"a":', '[{"a":'), fc.nat(60_000)), ([part, depth]) => {
      const text = `2["offer",${part.repeat(depth)}`;
      bounded(text.length, () => unlessRefused(() => decodePacket(text, Object.values(PACKET_TYPE)), SyntaxError));
    }),
    property('a-wire-signal-is-read-as-it-was-written', wireSignal, (signal) => {
      assert.deepEqual(decodeWireSignal(encodeWireSignal(signal)), signal);
    }),
    property('a-wire-signal-is-whole-or-nothing', mutatedBytes(wireSignal.map(encodeWireSignal)), (bytes) => {
      const signal = bounded(bytes.length, () => decodeWireSignal(bytes));
      if (signal === undefined) return;
      assert.ok(bytes.length <= MAX_WIRE_SIGNAL_BYTES);
      assert.deepEqual(decodeWireSignal(encodeWireSignal(signal)), signal);
    }),
  ],
};
