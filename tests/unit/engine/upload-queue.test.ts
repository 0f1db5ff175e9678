import { describe, expect, test } from 'vitest';
import { UNPACED } from '@/src/base/pace';
import { UploadQueue, type UploadQueueOptions } from '@/src/engine/upload-queue';
import {
  decodeBulk,
  decodeControl,
  MAX_BLOCK_BYTES,
  MAX_BULK_FRAME_BYTES,
  MAX_REQUESTED_RANGES,
  type BlockMessage,
  type BlockRange,
} from '@/src/protocol/peer-messages';
import { memoryLinkPair } from '@/src/transport/memory-link';
import type { PeerLink } from '@/src/transport/peer-link';
import { sampleInfo } from '@/tests/unit/scheduler/sample-info';
import { peerIdOf, RemoteEnd } from './remote-end';

const UNIT = 16 * 1024;

interface Bench {
  readonly queue: UploadQueue;
  /** "block 3", "reject 4", in the order they were sent. */
  readonly sent: string[];
  readonly uploaded: number[];
  readonly abuses: number;
  bufferedBytes: number;
  /** Resolves once this many frames were sent. */
  until(count: number): Promise<void>;
}

function bench(options: Partial<UploadQueueOptions> = {}): Bench {
  const sent: string[] = [];
  const uploaded: number[] = [];
  let wake = Promise.withResolvers<void>();
  const counts = { abuses: 0, bufferedBytes: 0 };
  const link: PeerLink = {
    get bufferedBulkBytes() {
      return counts.bufferedBytes;
    },
    send(channel, frame) {
      const message = channel === 'bulk' ? decodeBulk(frame) : decodeControl(frame);
      if (message !== undefined && 'piece' in message) sent.push(`${message.type} ${message.piece}`);
      if (channel === 'bulk') counts.bufferedBytes += frame.length;
      wake.resolve();
      wake = Promise.withResolvers();
    },
    close() {},
    receive() {},
    path: async () => ({ kind: 'memory', rttMs: 0 }),
  };
  const queue = new UploadQueue({
    link,
    maxRequests: 500,
    maxRejectsInARow: 50,
    highWaterBytes: Number.POSITIVE_INFINITY,
    pace: UNPACED,
    frame: new Uint8Array(MAX_BULK_FRAME_BYTES),
    peek: () => undefined,
    read: async ({ lengthBytes }) => new Uint8Array(lengthBytes),
    prepare: () => true,
    onUploaded: (bytes) => void uploaded.push(bytes),
    onAbuse: () => void counts.abuses++,
    ...options,
  });
  return {
    queue,
    sent,
    uploaded,
    get abuses() {
      return counts.abuses;
    },
    get bufferedBytes() {
      return counts.bufferedBytes;
    },
    set bufferedBytes(bytes) {
      counts.bufferedBytes = bytes;
    },
    async until(count) {
      while (sent.length < count) await wake.promise;
    },
  };
}

function range(piece: number): BlockRange {
  return { piece, offsetBytes: 0, lengthBytes: UNIT };
}

function contents({ piece, lengthBytes }: BlockRange): Uint8Array {
  return new Uint8Array(lengthBytes).fill(piece);
}

/** A reader whose reads wait for the test. */
function gatedRead(): { read: UploadQueueOptions['read']; started: number[]; open: () => void } {
  const gate = Promise.withResolvers<void>();
  const started: number[] = [];
  return {
    started,
    open: gate.resolve,
    async read({ piece, lengthBytes }) {
      started.push(piece);
      await gate.promise;
      return new Uint8Array(lengthBytes);
    },
  };
}

test('requests are served in the order they came, and counted', async () => {
  const at = bench();
  for (const piece of [3, 1, 2]) at.queue.add(range(piece));
  await at.until(3);
  expect(at.sent).toEqual(['block 3', 'block 1', 'block 2']);
  expect(at.uploaded).toEqual([UNIT, UNIT, UNIT]);
});

test('a block that is in memory is sent at once, and not read', () => {
  const read: number[] = [];
  const at = bench({
    peek: ({ lengthBytes }) => new Uint8Array(lengthBytes),
    async read({ piece, lengthBytes }) {
      read.push(piece);
      return new Uint8Array(lengthBytes);
    },
  });
  for (const piece of [3, 1]) at.queue.add(range(piece));
  expect(at.sent).toEqual(['block 3', 'block 1']);
  expect(read).toEqual([]);
  expect(at.uploaded).toEqual([UNIT, UNIT]);
  expect(at.queue.isIdle).toBe(true);
});

test('while a piece goes out, the next is read ahead: once, and when enough of it is asked for', async () => {
  const asked: [number, number][] = [];
  const { read, open } = gatedRead();
  const at = bench({
    read,
    prepare: (piece, askedBytes) => {
      asked.push([piece, askedBytes]);
      return askedBytes >= 2 * UNIT;
    },
  });
  for (const piece of [1, 1, 1, 2]) at.queue.add(range(piece));
  open();
  await at.until(1);
  // What is asked for twice counts once.
  for (const offsetBytes of [0, UNIT, 2 * UNIT]) at.queue.add({ ...range(2), offsetBytes });
  at.queue.add(range(3));
  await at.until(8);
  expect(asked).toEqual([
    [2, UNIT],
    [2, 3 * UNIT],
    [3, UNIT],
    [3, UNIT],
    [3, UNIT],
    [3, UNIT],
  ]);
});

test('only what is not in memory is read, and the order stays', async () => {
  const read: number[] = [];
  const at = bench({
    peek: ({ piece, lengthBytes }) => (piece === 2 ? undefined : new Uint8Array(lengthBytes)),
    async read({ piece, lengthBytes }) {
      read.push(piece);
      return new Uint8Array(lengthBytes);
    },
  });
  for (const piece of [1, 2, 3]) at.queue.add(range(piece));
  await at.until(3);
  expect(at.sent).toEqual(['block 1', 'block 2', 'block 3']);
  expect(read).toEqual([2]);
});

test('every block arrives as it is, although all are put together in the same room', async () => {
  const arrived: BlockMessage[] = [];
  const all = Promise.withResolvers<void>();
  const [link, far] = memoryLinkPair();
  far.receive({
    onFrame(_channel, frame) {
      const block = decodeBulk(frame);
      if (block !== undefined) arrived.push(block);
      if (arrived.length === 4) all.resolve();
    },
    onDrain() {},
    onClose() {},
  });
  const frame = new Uint8Array(MAX_BULK_FRAME_BYTES);
  const shared: Partial<UploadQueueOptions> = {
    link,
    frame,
    peek: (block) => (block.piece === 3 ? undefined : contents(block)),
    read: async (block) => contents(block),
  };
  const asked = [{ ...range(1), lengthBytes: MAX_BLOCK_BYTES }, range(2), { ...range(3), lengthBytes: 7 }, range(4)];
  // Two peers are served out of one room.
  const [one, other] = [bench(shared), bench(shared)];
  for (const [index, each] of asked.entries()) (index % 2 === 0 ? one : other).queue.add(each);
  await all.promise;
  const sorted = arrived.toSorted((left, right) => left.piece - right.piece);
  expect(sorted).toEqual(
    asked.map((each) => ({ type: 'block', waited: false, piece: each.piece, offsetBytes: each.offsetBytes, payload: contents(each) })),
  );
});

test('serving pauses while the channel is full, and goes on when it has drained', async () => {
  const at = bench({ highWaterBytes: 2 * UNIT });
  for (const piece of [1, 2, 3, 4]) at.queue.add(range(piece));
  await at.until(2);
  await at.queue.serve();
  expect(at.sent).toEqual(['block 1', 'block 2']);
  at.bufferedBytes = 0;
  await at.queue.serve();
  expect(at.sent).toEqual(['block 1', 'block 2', 'block 3', 'block 4']);
});

test('a request that was cancelled while it waited is not served', async () => {
  const { read, open } = gatedRead();
  const at = bench({ read });
  for (const piece of [1, 2, 3]) at.queue.add(range(piece));
  at.queue.cancel(range(2));
  at.queue.cancel({ ...range(3), lengthBytes: UNIT - 1 });
  at.queue.cancel(range(77));
  open();
  await at.until(2);
  expect(at.sent).toEqual(['block 1', 'block 3']);
});

test('B2: a block that cannot be read any more is rejected, and the next is served', async () => {
  const at = bench({
    async read({ piece, lengthBytes }) {
      if (piece === 1) throw new Error('gone');
      return new Uint8Array(lengthBytes);
    },
  });
  for (const piece of [1, 2]) at.queue.add(range(piece));
  await at.until(2);
  expect(at.sent).toEqual(['reject 1', 'block 2']);
});

describe('B3', () => {
  test('500 requests wait, further ones are rejected', async () => {
    const { read, open } = gatedRead();
    const at = bench({ read });
    for (let piece = 0; piece <= 501; piece++) at.queue.add(range(piece));
    expect(at.sent).toEqual(['reject 501']);
    open();
    await at.until(502);
    expect(at.sent.at(-1)).toBe('block 500');
    expect(at.abuses).toBe(0);
  });

  test('each block of a request counts: of eight requests for 64 each one is being read, 500 wait and 11 are rejected', async () => {
    const { read, open } = gatedRead();
    const info = sampleInfo(UNIT, [600 * UNIT]);
    const served = Promise.withResolvers<void>();
    let queue: UploadQueue | undefined;
    const remote = new RemoteEnd(peerIdOf(1), { onRequest: (_, asked) => queue?.add(asked) }).start(info).hello(info.infoBytes.length);
    queue = bench({ link: remote.peer.first.link, read }).queue;
    for (let first = 0; first < 8 * MAX_REQUESTED_RANGES; first += MAX_REQUESTED_RANGES) {
      remote.send({ type: 'request', ranges: Array.from({ length: MAX_REQUESTED_RANGES }, (_, index) => range(first + index)) });
    }
    const pieces = remote.take('reject').map(({ piece }) => piece);
    expect(pieces).toEqual(Array.from({ length: 11 }, (_, index) => 501 + index));
    remote.onReceived = () => {
      if (remote.received.filter(({ type }) => type === 'block').length === 501) served.resolve();
    };
    open();
    await served.promise;
    expect(remote.take('block').map(({ piece }) => piece)).toEqual(Array.from({ length: 501 }, (_, piece) => piece));
  });

  test('50 rejects in a row are told', () => {
    const at = bench();
    for (let time = 0; time < 49; time++) at.queue.reject(range(1));
    expect(at.abuses).toBe(0);
    at.queue.reject(range(1));
    expect(at.abuses).toBe(1);
  });

  test('a request that can be served ends the row', () => {
    const at = bench();
    for (let time = 0; time < 49; time++) at.queue.reject(range(1));
    at.queue.add(range(2));
    for (let time = 0; time < 49; time++) at.queue.reject(range(1));
    expect(at.abuses).toBe(0);
  });

  test('a failing disk of ours is not held against the peer', async () => {
    const at = bench({ read: async () => Promise.reject(new Error('the disk is gone')) });
    for (let piece = 0; piece < 60; piece++) at.queue.add(range(piece));
    await at.until(60);
    expect(at.sent).toHaveLength(60);
    expect(at.abuses).toBe(0);
  });
});

describe('C2', () => {
  const NOW_MS = 50_000;

  test('with a choke all that waits is rejected; the block that is being sent still goes', async () => {
    const { read, open } = gatedRead();
    const at = bench({ read });
    for (const piece of [1, 2, 3]) at.queue.add(range(piece));
    at.queue.choke(NOW_MS);
    expect(at.sent).toEqual(['reject 2', 'reject 3']);
    open();
    await at.until(3);
    expect(at.sent.at(-1)).toBe('block 1');
  });

  test('500 requests that may have crossed it are no abuse; 50 more are', () => {
    const at = bench();
    at.queue.choke(NOW_MS);
    for (let time = 0; time < 549; time++) at.queue.rejectChoked(range(1), NOW_MS + 9999);
    expect([at.sent.length, at.abuses]).toEqual([549, 0]);
    at.queue.rejectChoked(range(1), NOW_MS + 9999);
    expect(at.abuses).toBe(1);
  });

  test('after ten seconds none may have crossed it', () => {
    const at = bench();
    at.queue.choke(NOW_MS);
    for (let time = 0; time < 50; time++) at.queue.rejectChoked(range(1), NOW_MS + 10_000);
    expect(at.abuses).toBe(1);
  });
});

test('once it is closed nothing more is read or sent', async () => {
  const { read, started, open } = gatedRead();
  const at = bench({ read });
  for (const piece of [1, 2, 3]) at.queue.add(range(piece));
  at.queue.close();
  open();
  await at.queue.serve();
  at.queue.add(range(4));
  await at.queue.serve();
  expect(started).toEqual([1]);
  expect(at.sent).toEqual([]);
  expect(at.uploaded).toEqual([]);
});

test('B7: a block goes as one that waited if others had not left yet when it was asked for', () => {
  const waited: (boolean | undefined)[] = [];
  let bufferedBulkBytes = 0;
  const link: PeerLink = {
    get bufferedBulkBytes() {
      return bufferedBulkBytes;
    },
    send: (_channel, frame) => void waited.push(decodeBulk(frame)?.waited),
    close() {},
    receive() {},
    path: async () => ({ kind: 'memory', rttMs: 0 }),
  };
  const { queue } = bench({ link, peek: contents });
  queue.add(range(1));
  queue.add(range(2));
  bufferedBulkBytes = 1;
  queue.add(range(3));
  expect(waited).toEqual([false, false, true]);
});

test('B7: so does one that was asked for while others waited for the disk', async () => {
  const waited: (boolean | undefined)[] = [];
  const { read, open } = gatedRead();
  const both = Promise.withResolvers<void>();
  const link: PeerLink = {
    bufferedBulkBytes: 0,
    send(_channel, frame) {
      if (waited.push(decodeBulk(frame)?.waited) === 2) both.resolve();
    },
    close() {},
    receive() {},
    path: async () => ({ kind: 'memory', rttMs: 0 }),
  };
  const { queue } = bench({ link, read });
  queue.add(range(1));
  queue.add(range(2));
  open();
  await both.promise;
  expect(waited).toEqual([false, true]);
});
