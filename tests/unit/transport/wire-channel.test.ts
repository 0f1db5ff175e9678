import { expect, test } from 'vitest';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import { UNPACED } from '@/src/base/pace';
import { RateLimit } from '@/src/engine/rate-limit';
import { WireChannel } from '@/src/transport/wire-channel';
import { MemoryChannel, MemoryNetwork } from '@/tests/support/virtual-swarm/memory-connection';
import { VirtualTime } from '@/tests/support/virtual-swarm/virtual-time';
import { handshake, INFO_HASH, message, PEER_ID } from './wire-bytes';

const BLOCK = 16 * 1024;
const RATE = 64 * 1024;

/** A channel as the library has it, over a data channel whose far end is the test's. Frames take a millisecond. */
function openWire(maxMessageSize?: number) {
  const time = new VirtualTime();
  const schedule = (deliver: () => void): void => void time.after(1, deliver);
  const [near, far] = [new MemoryChannel(schedule), new MemoryChannel(schedule)];
  near.join(far);
  const wire = new WireChannel({
    id: 'wire',
    infoHash: INFO_HASH,
    remotePeerId: PEER_ID,
    fingerprint: undefined,
    connection: Object.assign(new MemoryNetwork(schedule).createConnection(), { sctp: { maxMessageSize } }),
    channel: near as unknown as RTCDataChannel,
  });
  const counts = { sent: 0, arrived: 0 };
  const messages: number[] = [];
  far.addEventListener('message', (event) => messages.push((event as MessageEvent<ArrayBuffer>).data.byteLength));
  far.addEventListener('message', (event) => (counts.sent += (event as MessageEvent<ArrayBuffer>).data.byteLength));
  wire.on('data', (chunk) => (counts.arrived += (chunk as Bytes).length));
  const limit = new RateLimit(time, RATE);
  return { time, wire, far, counts, messages, limit };
}

function block(index: number): Bytes {
  return message(7, [3, index * BLOCK], new Uint8Array(BLOCK));
}

test('what the library sends leaves at the pace it is given, and what is small at once', async () => {
  const { time, wire, counts, limit } = openWire();
  wire.paces = { upload: limit, download: UNPACED };
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(5);
  expect(counts.sent).toBe(68);
  for (let index = 0; index < 60; index++) {
    wire.write(block(index));
    await time.pass(1);
  }
  const before = counts.sent;
  await time.pass(10_000);
  expect((counts.sent - before) / 10 / RATE).toBeCloseTo(1, 1);
  expect(wire.closeReason).toBeUndefined();
});

test.each([
  ['one message where they take large ones', 256 * 1024, [4 * (BLOCK + 13)]],
  ['messages that everybody takes where they do not say', undefined, [64 * 1024, 52]],
  ['no larger ones where they take less than everybody', 1024, [64 * 1024, 52]],
  ['no larger ones than are worth it', Number.POSITIVE_INFINITY, [4 * (BLOCK + 13)]],
])('blocks that the library sends together go out in %s', async (_, maxMessageSize, expected) => {
  const { time, wire, messages } = openWire(maxMessageSize);
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(5);
  messages.length = 0;
  wire.cork();
  for (let index = 0; index < 4; index++) wire.write(block(index));
  wire.uncork();
  await time.pass(5);
  expect(messages).toEqual(expected);
});

test('what the peer sends reaches the library at the pace it is given, whole and in order', async () => {
  const { time, wire, far, counts, limit } = openWire();
  wire.paces = { upload: UNPACED, download: limit };
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  for (let index = 0; index < 60; index++) wire.write(message(6, [3, index * BLOCK, BLOCK]));
  far.send(handshake());
  await time.pass(10);
  for (let index = 0; index < 60; index++) far.send(block(index));
  await time.pass(5_000);
  expect(counts.arrived / 5 / RATE).toBeCloseTo(1, 1);
  // Without a limit all the rest comes at once.
  limit.bytesPerSecond = Number.POSITIVE_INFINITY;
  await time.pass(10);
  expect(counts.arrived).toBe(concatBytes(handshake(), ...Array.from({ length: 60 }, (_, index) => block(index))).length);
  expect(wire.closeReason).toBeUndefined();
});

test('a wire that is closed while it waits for its pace is gone at once', async () => {
  const { time, wire, counts, limit } = openWire();
  wire.paces = { upload: limit, download: UNPACED };
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(5);
  for (let index = 0; index < 8; index++) wire.write(block(index));
  await time.pass(5);
  const closed = new Promise<void>((resolve) => void wire.on('close', () => resolve()));
  wire.close('enough');
  await time.settle(closed, 10);
  const { sent } = counts;
  await time.pass(10_000);
  expect(counts.sent).toBe(sent);
});
