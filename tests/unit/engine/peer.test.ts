import { describe, expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';
import {
  BITFIELD_PART_BYTES,
  encodeBlock,
  encodeControl,
  MAX_METADATA_BYTES,
  MAX_REQUESTED_RANGES,
  MAX_TOLD_PIECES,
  type BlockRange,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import { sampleInfo } from '@/tests/unit/scheduler/sample-info';
import { OWN_ID, peerIdOf, RemoteEnd } from './remote-end';

const UNIT = 16 * 1024;
const INFO = sampleInfo(2 * UNIT, [10 * 2 * UNIT - 100]);
const METADATA_BYTES = INFO.infoBytes.length;

/** A peer that said hello to a side that knows the metadata. */
function greeted(metadataBytes = METADATA_BYTES): RemoteEnd {
  return new RemoteEnd(peerIdOf(1)).start(INFO).hello(metadataBytes);
}

function range(type: 'request' | 'cancel' | 'reject', piece: number, offsetBytes: number, lengthBytes: number): ControlMessage {
  const block = { piece, offsetBytes, lengthBytes };
  return type === 'request' ? { type, ranges: [block] } : { type, ...block };
}

const block = (piece: number, offsetBytes = 0): BlockRange => ({ piece, offsetBytes, lengthBytes: UNIT });

/** A peer that knows the metadata, linked to a side that does not. */
function unknowing(): RemoteEnd {
  return new RemoteEnd(peerIdOf(1)).start().hello(100);
}

/** A peer that said what it has, and was told that we have nothing. */
function informed(possession: ControlMessage, info = INFO): RemoteEnd {
  const remote = new RemoteEnd(peerIdOf(1)).start(info).hello(METADATA_BYTES).send(possession);
  remote.peer.tellPossession(new Bitfield(info.pieceCount));
  remote.received.length = 0;
  return remote;
}

/** Everything said when told twice what we have. */
function told(verified: Bitfield, info = INFO): ControlMessage[] {
  const remote = new RemoteEnd(peerIdOf(1)).start(info).hello(100);
  remote.received.length = 0;
  remote.peer.tellPossession(verified);
  remote.peer.tellPossession(verified);
  return remote.received.filter((message) => message.type !== 'block');
}

describe('a peer in order', () => {
  test('both sides greet, tell what they have, and what follows is passed on', () => {
    const remote = greeted();
    expect(remote.received).toEqual([{ type: 'hello', version: 1, peerId: OWN_ID, metadataBytes: METADATA_BYTES }]);
    remote.send({ type: 'have-none' }).send({ type: 'have', pieces: [9] });
    expect(remote.peer.has?.has(9)).toBe(true);
    remote
      .send(range('request', 9, UNIT, UNIT - 100))
      .send(range('cancel', 0, 0, UNIT))
      .send(range('reject', 0, 0, 2 * UNIT));
    remote.sendBlock({ piece: 0, offsetBytes: 0 }, new Uint8Array(UNIT));
    expect(remote.events).toEqual(['onReady', 'onPossession', 'onHave', 'onRequest', 'onCancel', 'onReject', 'onBlock']);
    expect(remote.gone).toBeUndefined();
  });

  test('a piece it told of before is not told of again', () => {
    const remote = greeted()
      .send({ type: 'have-all' })
      .send({ type: 'have', pieces: [3] });
    expect(remote.events).toEqual(['onReady', 'onPossession']);
    expect(remote.gone).toBeUndefined();
  });

  test('closing without blame, by either side, is told once', () => {
    const remote = greeted();
    remote.peer.close('paused');
    remote.peer.drop('too late');
    expect(remote.gone).toEqual({ reason: 'paused', blamed: false });
    const other = greeted();
    other.link.close('bye');
    expect(other.gone).toEqual({ reason: 'the peer left', blamed: false });
    other.send({ type: 'have-all' });
    expect(other.events).toEqual(['onReady']);
  });
});

describe('L2', () => {
  test.each([
    ['an empty control frame', 'control', new Uint8Array(0)],
    ['an unknown control frame', 'control', Uint8Array.of(99)],
    ['a control frame a byte short', 'control', encodeControl({ type: 'have', pieces: [1] }).subarray(0, 4)],
    ['a control frame a byte long', 'control', Uint8Array.of(6, 0)],
    ['a block on the control channel', 'control', encodeBlock(0, 0, new Uint8Array(10))],
    ['a control frame on the bulk channel', 'bulk', encodeControl({ type: 'have-all' })],
    ['a block without bytes', 'bulk', encodeBlock(0, 0, new Uint8Array(0))],
    ['a block of more than 64 KiB', 'bulk', encodeBlock(0, 0, new Uint8Array(64 * 1024 + 1))],
  ] as const)('%s: drop', (_, channel, frame) => {
    expect(greeted().sendRaw(channel, frame.slice()).gone).toMatchObject({ reason: expect.stringMatching(/^L2/), blamed: true });
  });
});

describe('L3', () => {
  test.each([
    ['have-all', { type: 'have-all' }],
    ['metadata-request', { type: 'metadata-request', part: 0 }],
    ['request', range('request', 0, 0, UNIT)],
  ] as const)('%s before hello: drop', (_, message) => {
    const remote = new RemoteEnd(peerIdOf(1)).start(INFO).send(message);
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^L3/), blamed: true });
    expect(remote.events).toEqual([]);
  });

  test('a block before hello: drop', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start(INFO).sendBlock({ piece: 0, offsetBytes: 0 }, new Uint8Array(1));
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^L3/), blamed: true });
  });

  test('a second hello: drop', () => {
    expect(greeted().hello().gone).toMatchObject({ reason: expect.stringMatching(/^L3/), blamed: true });
  });
});

describe('L4', () => {
  test('another peer id than the one that was signaled: drop', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start(INFO);
    remote.send({ type: 'hello', version: 1, peerId: peerIdOf(2), metadataBytes: 0 });
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^L4/), blamed: true });
  });

  test('another version: closed without blame', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start(INFO);
    remote.send({ type: 'hello', version: 2, peerId: peerIdOf(1), metadataBytes: 0 });
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^L4/), blamed: false });
  });
});

describe('M1', () => {
  test.each([
    ['hello', (remote: RemoteEnd) => remote.hello(MAX_METADATA_BYTES + 1)],
    ['metadata-size', (remote: RemoteEnd) => remote.hello(0).send({ type: 'metadata-size', metadataBytes: MAX_METADATA_BYTES + 1 })],
  ])('more than 10 MiB of metadata announced by %s: drop', (_, announce) => {
    const remote = announce(new RemoteEnd(peerIdOf(1)).start());
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^M1/), blamed: true });
  });

  test('10 MiB are fine', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start().hello(MAX_METADATA_BYTES);
    expect(remote.gone).toBeUndefined();
    expect(remote.peer.metadataBytes).toBe(MAX_METADATA_BYTES);
  });
});

describe('M3', () => {
  test('a peer that learns the metadata says so, once', () => {
    const remote = greeted(0).send({ type: 'metadata-size', metadataBytes: 100 });
    expect(remote.peer.knowsMetadata).toBe(true);
    expect(remote.events).toEqual(['onReady', 'onReady']);
    expect(remote.send({ type: 'metadata-size', metadataBytes: 100 }).gone).toMatchObject({
      reason: expect.stringMatching(/^M3/),
      blamed: true,
    });
  });

  test('metadata-size after a hello that said it already: drop', () => {
    expect(greeted().send({ type: 'metadata-size', metadataBytes: 100 }).gone).toMatchObject({
      reason: expect.stringMatching(/^M3/),
      blamed: true,
    });
  });

  test('metadata of no bytes: drop', () => {
    expect(greeted(0).send({ type: 'metadata-size', metadataBytes: 0 }).gone).toMatchObject({
      reason: expect.stringMatching(/^M3/),
      blamed: true,
    });
  });

  test('we say so, too', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start().hello(METADATA_BYTES);
    remote.peer.learnTorrent(INFO);
    expect(remote.take('metadata-size')).toEqual([{ type: 'metadata-size', metadataBytes: METADATA_BYTES }]);
  });
});

describe('P1: what they have', () => {
  test.each(['have-all', 'have-none'] as const)('%s counts as all or nothing', (type) => {
    expect(greeted().send({ type }).peer.has?.count).toBe(type === 'have-all' ? INFO.pieceCount : 0);
  });

  test('a bitfield in one part', () => {
    const remote = greeted().send({ type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0b1000_0001, 0b0100_0000) });
    expect([0, 7, 9].map((piece) => remote.peer.has?.has(piece))).toEqual([true, true, true]);
    expect(remote.peer.has?.count).toBe(3);
  });

  const LARGE = sampleInfo(UNIT, [UNIT * (BITFIELD_PART_BYTES * 8 + 12)]);

  test('a bitfield in several parts, in order', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start(LARGE).hello(100);
    remote.send({ type: 'bitfield-part', firstByte: 0, payload: new Uint8Array(BITFIELD_PART_BYTES).fill(255) });
    expect(remote.peer.has).toBeUndefined();
    remote.send({ type: 'bitfield-part', firstByte: BITFIELD_PART_BYTES, payload: Uint8Array.of(255, 0b1111_0000) });
    expect(remote.peer.has?.isFull).toBe(true);
  });

  test.each([
    ['the second part first', BITFIELD_PART_BYTES, 2],
    ['a part that is too short', 0, BITFIELD_PART_BYTES - 1],
    ['the only part of a smaller torrent', 0, 2],
  ])('%s: drop', (_, firstByte, lengthBytes) => {
    const remote = new RemoteEnd(peerIdOf(1)).start(LARGE).hello(100);
    remote.send({ type: 'bitfield-part', firstByte, payload: new Uint8Array(lengthBytes) });
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^P1/), blamed: true });
  });

  test('a bitfield that is longer than the torrent, or has spare bits: drop', () => {
    const long = greeted().send({ type: 'bitfield-part', firstByte: 0, payload: new Uint8Array(3) });
    const spare = greeted().send({ type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0, 0b0010_0000) });
    for (const { gone } of [long, spare]) expect(gone).toMatchObject({ reason: expect.stringMatching(/^P1/), blamed: true });
  });

  const PART: ControlMessage = { type: 'bitfield-part', firstByte: 0, payload: new Uint8Array(2) };
  test.each([
    ['have-all', 'have-none', { type: 'have-all' }, { type: 'have-none' }],
    ['have-none', 'a bitfield', { type: 'have-none' }, PART],
    ['a bitfield', 'another', PART, PART],
  ] as const)('told twice (%s, then %s): drop', (_first, _second, first, second) => {
    expect(greeted().send(first).send(second).gone).toMatchObject({ reason: expect.stringMatching(/^P1/), blamed: true });
  });

  test('told between the parts of a bitfield: drop', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start(LARGE).hello(100);
    remote.send({ type: 'bitfield-part', firstByte: 0, payload: new Uint8Array(BITFIELD_PART_BYTES) }).send({ type: 'have-all' });
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^P1/), blamed: true });
  });
});

describe('P1: what we have', () => {
  test('is told once, as all, nothing, or a bitfield', () => {
    const some = new Bitfield(10);
    some.add(8);
    expect(told(Bitfield.full(10))).toEqual([{ type: 'have-all' }]);
    expect(told(new Bitfield(10))).toEqual([{ type: 'have-none' }]);
    expect(told(some)).toEqual([{ type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0, 128) }]);
  });

  test('is told in parts that our own side accepts', () => {
    const info = sampleInfo(UNIT, [UNIT * (BITFIELD_PART_BYTES * 8 * 2 + 5)]);
    const some = new Bitfield(info.pieceCount);
    for (let piece = 0; piece < info.pieceCount; piece += 3) some.add(piece);
    const parts = told(some, info);
    expect(parts.map((part) => part.type === 'bitfield-part' && [part.firstByte, part.payload.length])).toEqual([
      [0, BITFIELD_PART_BYTES],
      [BITFIELD_PART_BYTES, BITFIELD_PART_BYTES],
      [2 * BITFIELD_PART_BYTES, 1],
    ]);
    const listener = new RemoteEnd(peerIdOf(2)).start(info).hello(100);
    for (const part of parts) listener.send(part);
    expect(listener.peer.has?.bytes).toEqual(some.bytes);
  });

  test('is told as it was then, whatever is verified before it arrives', () => {
    const some = new Bitfield(10);
    some.add(0);
    const parts = told(some);
    some.add(1);
    expect(parts).toEqual([{ type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(128, 0) }]);
  });
});

describe('H1: before the metadata', () => {
  const run = { root: 'ab'.repeat(32), layer: 2, index: 0, length: 4 } as const;

  test.each([
    ['hash-request', { type: 'hash-request', ...run }],
    ['hashes', { type: 'hashes', ...run, hashes: new Uint8Array(4 * 32) }],
    ['hash-reject', { type: 'hash-reject', ...run }],
  ] as const)('%s: drop; after it, the same is passed on', (_, message) => {
    const early = unknowing().send(message);
    expect(early.gone).toMatchObject({ reason: expect.stringMatching(/^H1/), blamed: true });
    expect(early.events).not.toContain('onHashes');
    const remote = greeted().send(message);
    expect([remote.events.at(-1), remote.gone]).toEqual(['onHashes', undefined]);
  });
});

describe('P2: before the metadata', () => {
  test('have-all may come, and counts once we know the metadata', () => {
    const remote = unknowing().send({ type: 'have-all' });
    expect([remote.peer.has, remote.gone]).toEqual([undefined, undefined]);
    remote.peer.learnTorrent(INFO);
    expect(remote.peer.has?.isFull).toBe(true);
    expect(remote.events).toEqual(['onReady', 'onPossession']);
  });

  test.each([
    ['have-none', { type: 'have-none' }],
    ['a bitfield', { type: 'bitfield-part', firstByte: 0, payload: new Uint8Array(2) }],
    ['have', { type: 'have', pieces: [0] }],
  ] as const)('%s: drop', (_, message) => {
    expect(unknowing().send(message).gone).toMatchObject({ reason: expect.stringMatching(/^P2/), blamed: true });
  });

  test('have-all twice: drop', () => {
    expect(unknowing().send({ type: 'have-all' }).send({ type: 'have-all' }).gone).toMatchObject({
      reason: expect.stringMatching(/^P1/),
      blamed: true,
    });
  });

  test('of theirs we tell them only that we have all; the rest follows', () => {
    const remote = greeted(0);
    remote.peer.tellPossession(new Bitfield(10));
    remote.peer.tellHave(0);
    expect(remote.received.map(({ type }) => type)).toEqual(['hello']);
    remote.send({ type: 'metadata-size', metadataBytes: 100 });
    remote.peer.tellPossession(new Bitfield(10));
    remote.peer.tellHave(0);
    expect(remote.received.map(({ type }) => type)).toEqual(['hello', 'have-none', 'have']);
    const seeded = greeted(0);
    seeded.peer.tellPossession(Bitfield.full(10));
    expect(seeded.received.map(({ type }) => type)).toEqual(['hello', 'have-all']);
  });

  test('nothing is told before their hello', () => {
    const remote = new RemoteEnd(peerIdOf(1)).start(INFO);
    remote.peer.tellPossession(Bitfield.full(10));
    expect(remote.received.map(({ type }) => type)).toEqual(['hello']);
  });
});

describe('P3', () => {
  test('have before possession was told: drop', () => {
    expect(greeted().send({ type: 'have', pieces: [0] }).gone).toMatchObject({ reason: expect.stringMatching(/^P3/), blamed: true });
  });

  test.each([10, 0xffff_ffff])('have of piece %i of 10: drop', (piece) => {
    expect(
      greeted()
        .send({ type: 'have-none' })
        .send({ type: 'have', pieces: [piece] }).gone,
    ).toMatchObject({
      reason: expect.stringMatching(/^P3/),
      blamed: true,
    });
  });

  test('a have of several pieces is of each of them, and those known before are passed over', () => {
    const told: number[] = [];
    const remote = new RemoteEnd(peerIdOf(1), { onHave: (_, piece) => void told.push(piece) }).start(INFO).hello(METADATA_BYTES);
    remote
      .send({ type: 'have-none' })
      .send({ type: 'have', pieces: [4] })
      .send({ type: 'have', pieces: [7, 4, 2] });
    expect(told).toEqual([4, 7, 2]);
    expect([remote.peer.has?.count, remote.gone]).toEqual([3, undefined]);
  });

  test('one piece of several that is out of range: drop', () => {
    const remote = greeted()
      .send({ type: 'have-none' })
      .send({ type: 'have', pieces: [3, 10, 4] });
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^P3/), blamed: true });
    expect(remote.peer.has?.has(4)).toBe(false);
  });

  test('a piece that the other side lacks is told at once', () => {
    const remote = informed({ type: 'have-none' });
    remote.peer.tellHave(3);
    remote.peer.tellHave(4);
    expect(remote.take('have')).toEqual([
      { type: 'have', pieces: [3] },
      { type: 'have', pieces: [4] },
    ]);
    remote.peer.tellPutOff();
    expect(remote.received).toEqual([]);
  });

  test('pieces that it has told as had are put off, and told together, once', () => {
    const remote = informed({ type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0b1111_0000, 0) });
    for (const piece of [2, 0, 9, 3]) remote.peer.tellHave(piece);
    expect(remote.take('have')).toEqual([{ type: 'have', pieces: [9] }]);
    remote.peer.tellPutOff();
    expect(remote.take('have')).toEqual([{ type: 'have', pieces: [2, 0, 3] }]);
    remote.peer.tellPutOff();
    expect(remote.received).toEqual([]);
  });

  test('more of them than a have may tell go in several', () => {
    const info = sampleInfo(UNIT, [UNIT * (MAX_TOLD_PIECES + 2)]);
    const remote = informed({ type: 'have-all' }, info);
    for (let piece = 0; piece < info.pieceCount; piece++) remote.peer.tellHave(piece);
    remote.peer.tellPutOff();
    const haves = remote.take('have').map(({ pieces }) => pieces);
    expect(haves.map(({ length }) => length)).toEqual([MAX_TOLD_PIECES, 2]);
    expect(haves.flat()).toEqual(Array.from({ length: info.pieceCount }, (_, piece) => piece));
  });
});

describe('P4', () => {
  test('a piece let go of before it was told is not told at all; had again, it is', () => {
    const remote = informed({ type: 'have-all' });
    for (const piece of [1, 2, 3]) remote.peer.tellHave(piece);
    remote.peer.tellDontHave([2]);
    remote.peer.tellPutOff();
    expect(remote.received).toEqual([{ type: 'have', pieces: [1, 3] }]);
    remote.peer.tellDontHave([3]);
    remote.peer.tellHave(2);
    remote.peer.tellPutOff();
    expect(remote.received.slice(1)).toEqual([
      { type: 'dont-have', piece: 3 },
      { type: 'have', pieces: [2] },
    ]);
  });

  test('dont-have before possession was told: drop', () => {
    expect(greeted().send({ type: 'dont-have', piece: 0 }).gone).toMatchObject({ reason: expect.stringMatching(/^P4/), blamed: true });
  });

  test.each([10, 0xffff_ffff])('dont-have of piece %i of 10: drop', (piece) => {
    expect(greeted().send({ type: 'have-all' }).send({ type: 'dont-have', piece }).gone).toMatchObject({
      reason: expect.stringMatching(/^P4/),
      blamed: true,
    });
  });

  test('a piece let go of is not had any more, and can be had again', () => {
    const remote = greeted().send({ type: 'have-all' }).send({ type: 'dont-have', piece: 3 });
    expect([remote.peer.has?.has(3), remote.peer.has?.count]).toEqual([false, 9]);
    remote.send({ type: 'dont-have', piece: 3 }).send({ type: 'have', pieces: [3] });
    expect([remote.gone, remote.peer.has?.isFull]).toEqual([undefined, true]);
    expect(remote.events.filter((event) => event === 'onDontHave')).toHaveLength(1);
  });
});

describe('B1', () => {
  test.each([
    ['a piece that is not there', 10, 0, UNIT],
    ['a start off the grid', 0, 1, UNIT],
    ['more than the piece', 0, UNIT, 2 * UNIT],
    ['nothing', 0, 0, 0],
    ['the full length of the short last piece', 9, UNIT, UNIT],
  ])('%s: drop, whether requested, cancelled or rejected', (_, piece, offsetBytes, lengthBytes) => {
    for (const type of ['request', 'cancel', 'reject'] as const) {
      const remote = greeted()
        .send({ type: 'have-all' })
        .send(range(type, piece, offsetBytes, lengthBytes));
      expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B1/), blamed: true });
    }
  });

  test.each([1, 2, MAX_REQUESTED_RANGES])('a request of %i blocks is as so many requests, in their order', (count) => {
    const asked: BlockRange[] = [];
    const remote = new RemoteEnd(peerIdOf(1), { onRequest: (_, asks) => void asked.push(asks) }).start(INFO).hello(METADATA_BYTES);
    const ranges = Array.from({ length: count }, (_, index) => block((index * 7) % 9, (index % 2) * UNIT));
    remote.send({ type: 'request', ranges });
    expect(asked).toEqual(ranges);
    expect(remote.gone).toBeUndefined();
  });

  test.each([
    ['in a piece that is not there', block(10)],
    ['off the grid', block(1, 1)],
    ['of nothing', { ...block(1), lengthBytes: 0 }],
  ])('a request whose last block but one is %s: drop, and what comes after it is not looked at', (_, wrong) => {
    const asked: BlockRange[] = [];
    const remote = new RemoteEnd(peerIdOf(1), { onRequest: (_peer, asks) => void asked.push(asks) }).start(INFO).hello(METADATA_BYTES);
    remote.send({ type: 'request', ranges: [block(0), block(2), wrong, block(3)] });
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B1/), blamed: true });
    expect(asked).toEqual([block(0), block(2)]);
  });

  test('of a request whose sender is let go because of one block the others are not looked at', () => {
    let asked = 0;
    const remote = new RemoteEnd(peerIdOf(1), {
      onRequest(peer) {
        if (++asked === 2) peer.drop('B3: too many');
      },
    })
      .start(INFO)
      .hello(METADATA_BYTES);
    remote.send({ type: 'request', ranges: [block(0), block(1), block(2)] });
    expect(asked).toBe(2);
  });

  test('a request before we know the metadata: drop', () => {
    const remote = new RemoteEnd(peerIdOf(1))
      .start()
      .hello(100)
      .send(range('request', 0, 0, UNIT));
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B1/), blamed: true });
  });
});
