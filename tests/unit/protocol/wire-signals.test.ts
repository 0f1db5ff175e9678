import { expect, test } from 'vitest';
import { decodeWireSignal, encodeWireSignal, MAX_WIRE_SIGNAL_BYTES, type WireSignal } from '@/src/protocol/wire-signals';

const ID = 'ab'.repeat(20);
const SIGNALS = [
  { kind: 'hello', peerId: ID },
  { kind: 'offer', offerId: ID, text: 'v=0' },
  { kind: 'ice-candidate', offerId: ID, text: '[]' },
] as WireSignal[];

test.each(SIGNALS)('W1: $kind comes back as it was', (signal) => {
  expect(decodeWireSignal(encodeWireSignal(signal))).toEqual(signal);
});

test.each([
  ['no JSON', '{'],
  ['another kind', JSON.stringify({ kind: 'bye' })],
  ['no peer id', JSON.stringify({ kind: 'hello', peerId: 'x' })],
  ['no text', JSON.stringify({ kind: 'offer', offerId: ID })],
  ['too long', JSON.stringify({ kind: 'offer', offerId: ID, text: 'x'.repeat(MAX_WIRE_SIGNAL_BYTES) })],
])('W2: %s is no message', (_what, text) => {
  expect(decodeWireSignal(new TextEncoder().encode(text))).toBeUndefined();
});
