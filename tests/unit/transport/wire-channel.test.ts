import { expect, test } from 'vitest';
import { concatBytes, equalBytes, type Bytes } from '@/src/base/bytes';
import { UNPACED } from '@/src/base/pace';
import { RateLimit } from '@/src/engine/rate-limit';
import { WireChannel } from '@/src/transport/wire-channel';
import type { WireLimits } from '@/src/transport/wire-limits';
import { rejectMessage } from '@/src/transport/wire-messages';
import { MemoryChannel, MemoryNetwork } from '@/tests/support/virtual-swarm/memory-connection';
import { VirtualTime } from '@/tests/support/virtual-swarm/virtual-time';
import { handshake, INFO_HASH, message, PEER_ID } from './wire-bytes';

const BLOCK = 16 * 1024;
const RATE = 64 * 1024;

/** A channel as the library has it, over a data channel whose far end is the test's. Frames take a millisecond. */
function openWire(maxMessageSize?: number, frameMs = 1, limits: Partial<WireLimits> = {}) {
  const time = new VirtualTime();
  const schedule = (deliver: () => void): void => void time.after(frameMs, deliver);
  const [near, far] = [new MemoryChannel(schedule), new MemoryChannel(schedule)];
  near.join(far);
  const wire = new WireChannel({
    id: 'wire',
    infoHash: INFO_HASH,
    remotePeerId: PEER_ID,
    fingerprint: undefined,
    connection: Object.assign(new MemoryNetwork(schedule).createConnection(), { sctp: { maxMessageSize } }),
    channel: near as unknown as RTCDataChannel,
    clock: time,
    limits,
  });
  const counts = { sent: 0, arrived: 0 };
  const messages: number[] = [];
  far.addEventListener('message', (event) => messages.push((event as MessageEvent<ArrayBuffer>).data.byteLength));
  far.addEventListener('message', (event) => (counts.sent += (event as MessageEvent<ArrayBuffer>).data.byteLength));
  wire.on('data', (chunk) => (counts.arrived += (chunk as Bytes).length));
  const limit = new RateLimit(time, RATE);
  return { time, wire, near, far, counts, messages, limit };
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

const WHOLE = BLOCK + 13;

test.each([
  ['one message where they take large ones', 256 * 1024, [4 * WHOLE]],
  ['messages that everybody takes where they do not say', undefined, [3 * WHOLE, WHOLE]],
  ['no larger ones where they take less than everybody', 1024, [3 * WHOLE, WHOLE]],
  ['no larger ones than are worth it', Number.POSITIVE_INFINITY, [4 * WHOLE]],
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

test.each([
  ['fast, as many as it takes in a moment', 1, 15],
  ['slow, a few', 100, 4],
])('of many blocks a message has, where the line is %s', async (_, frameMs, expected) => {
  const { time, wire, messages } = openWire(256 * 1024, frameMs);
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(2 * frameMs);
  for (let round = 0; round < 12; round++) {
    wire.cork();
    for (let index = 0; index < 15; index++) wire.write(block(round * 15 + index));
    wire.uncork();
    await time.pass(20 * frameMs);
  }
  // All of them came, whole and in order.
  expect(messages.reduce((sum, bytes) => sum + bytes)).toBe(68 + 12 * 15 * WHOLE);
  expect(messages.at(-2)).toBe(expected * WHOLE);
});

function have(piece: number): Bytes {
  return message(4, [piece]);
}

test('what the library has is told with its next request, and else a tenth of a second later', async () => {
  const { time, wire, messages } = openWire();
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(5);
  messages.length = 0;
  wire.write(have(1));
  await time.pass(20);
  wire.write(have(2));
  await time.pass(20);
  expect(messages).toEqual([]);
  wire.write(message(6, [3, 0, BLOCK]));
  await time.pass(5);
  expect(messages).toEqual([9 + 9 + 17]);
  wire.write(have(3));
  await time.pass(110);
  expect(messages).toEqual([9 + 9 + 17, 9]);
});

test('no more is put into the channel than it takes soon, and what comes of it is whole', async () => {
  const { time, wire, near, messages } = openWire(256 * 1024, 50);
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(200);
  let most = 0;
  wire.cork();
  for (let index = 0; index < 60; index++) wire.write(block(index));
  wire.uncork();
  for (let ms = 0; ms < 3000; ms += 10) {
    await time.pass(10);
    most = Math.max(most, near.bufferedAmount);
  }
  expect(messages.reduce((sum, bytes) => sum + bytes)).toBe(68 + 60 * WHOLE);
  expect(most).toBeLessThanOrEqual(128 * 1024 + 4 * WHOLE);
});

test('how long a block took counts only if nothing of ours was in front of its request', async () => {
  const { time, wire, far } = openWire(256 * 1024, 50);
  const latencies: number[] = [];
  wire.guard.whenBlock((latencyMs) => void latencies.push(latencyMs));
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  far.send(handshake());
  await time.pass(200);
  wire.write(message(6, [3, 0, BLOCK]));
  await time.pass(200);
  far.send(block(0));
  await time.pass(200);
  wire.cork();
  for (let index = 0; index < 3; index++) wire.write(block(index));
  wire.write(message(6, [3, BLOCK, BLOCK]));
  wire.uncork();
  await time.pass(1000);
  far.send(block(1));
  await time.pass(200);
  expect(latencies).toEqual([250, Number.NaN]);
});

test('a block whose bytes look like that is no such thing', async () => {
  const { time, wire, messages } = openWire();
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(5);
  messages.length = 0;
  const whole = message(7, [3, 0], have(1));
  wire.write(whole.subarray(0, 13));
  await time.pass(5);
  wire.write(whole.subarray(13));
  await time.pass(5);
  expect(messages).toEqual([13, 9]);
});

test('what is held back does not get into the midst of a block that waits for its pace', async () => {
  const { time, wire, far, limit } = openWire();
  const arrived: Bytes[] = [];
  far.addEventListener('message', (event) => arrived.push(new Uint8Array((event as MessageEvent<ArrayBuffer>).data.slice(0))));
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  await time.pass(5);
  wire.paces = { upload: limit, download: UNPACED };
  wire.write(have(1));
  await time.pass(5);
  for (let index = 0; index < 12; index++) wire.write(block(index));
  await time.pass(5);
  wire.write(have(2));
  await time.pass(10_000);
  const blocks = Array.from({ length: 12 }, (_, index) => block(index));
  expect(equalBytes(concatBytes(...arrived.slice(1)), concatBytes(have(1), ...blocks, have(2)))).toBe(true);
});

test('a request that is refused while a block waits for its pace is answered behind the block', async () => {
  const { time, wire, far, limit } = openWire(undefined, 1, { requestQueue: 1 });
  const arrived: Bytes[] = [];
  far.addEventListener('message', (event) => arrived.push(new Uint8Array((event as MessageEvent<ArrayBuffer>).data.slice(0))));
  wire.write(handshake({ peerId: 'ef'.repeat(20) }));
  far.send(handshake());
  wire.write(message(1));
  await time.pass(5);
  arrived.length = 0;
  wire.paces = { upload: limit, download: UNPACED };
  const blocks = Array.from({ length: 12 }, (_, index) => block(index));
  for (const one of blocks) wire.write(one);
  await time.pass(5);
  for (const piece of [4, 5, 6]) far.send(message(6, [piece, 0, BLOCK]));
  await time.pass(10_000);
  const refused = [5, 6].map((piece) => rejectMessage({ piece, offset: 0, lengthBytes: BLOCK }));
  expect(equalBytes(concatBytes(...arrived), concatBytes(...blocks, ...refused))).toBe(true);
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
