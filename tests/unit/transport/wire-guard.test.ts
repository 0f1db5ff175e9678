import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, equalBytes, type Bytes } from '@/src/base/bytes';
import { dictionary, extended, extendedHandshake, greetedWire, guardedWire, handshake, message, u32 } from './wire-bytes';

const BLOCK = 16 * 1024;
const block = new Uint8Array(BLOCK).map((_, index) => index * 7);

/** A wire on which the library asked for the first `count` blocks of piece 3. */
function askedWire(count: number, options: Parameters<typeof greetedWire>[0] = {}): ReturnType<typeof greetedWire> {
  const wire = greetedWire(options);
  for (let index = 0; index < count; index++) wire.guard.sending(message(6, [3, index * BLOCK, BLOCK]));
  return wire;
}

function request(index: number): Bytes {
  return message(6, [index, 0, BLOCK]);
}

test('a state told once more is left out, and states that change without end are an offence', () => {
  const wire = greetedWire();
  const before = wire.forwarded().length;
  for (let time = 0; time < 1000; time++) wire.guard.receive(concatBytes(message(1), message(2)));
  expect(wire.forwarded().length - before).toBe(10);
  expect(wire.offences).toEqual([]);
  for (let time = 0; time < 100; time++) wire.guard.receive(message(time % 2));
  expect(wire.offences).toEqual([expect.stringContaining('without end')]);
});

describe('what honest peers send', () => {
  const stream = concatBytes(
    handshake(),
    extendedHandshake(2, 40_000),
    message(5, [], new Uint8Array(25)),
    u32(0),
    message(1),
    message(2),
    message(4, [199]),
    message(6, [1, 0, BLOCK]),
    message(8, [1, 0, BLOCK]),
    message(7, [3, 0], block),
    message(17, [5]),
    message(13, [5]),
    message(7, [3, BLOCK], block),
    message(16, [3, 2 * BLOCK, BLOCK]),
    extended(1, concatBytes(dictionary({ msg_type: 1, piece: 2, total_size: 40_000 }), new Uint8Array(40_000 - 2 * BLOCK))),
    message(0),
    message(3),
  );

  test('arrives byte by byte as it was sent, however it is split', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 200 }), (sizes) => {
        const wire = guardedWire();
        wire.guard.sending(handshake({ peerId: 'ef'.repeat(20) }));
        wire.guard.sending(extendedHandshake(1));
        wire.guard.sending(message(1));
        for (const offset of [0, BLOCK, 2 * BLOCK]) wire.guard.sending(message(6, [3, offset, BLOCK]));
        wire.guard.receive(stream.slice(0, 68));
        wire.guard.receive(extendedHandshake(2, 40_000));
        wire.guard.sending(extended(2, dictionary({ msg_type: 0, piece: 2 })));
        let at = 68 + extendedHandshake(2, 40_000).length;
        for (const size of [...sizes, stream.length]) {
          wire.guard.receive(stream.slice(at, at + size));
          at += size;
        }
        expect(wire.offences).toEqual([]);
        // Comparing arrays of this size element by element would take most of the test's time.
        expect(equalBytes(wire.forwarded(), stream)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('a block is passed on without being copied', () => {
    const wire = askedWire(2);
    const sent = concatBytes(message(7, [3, 0], block), message(7, [3, BLOCK], block));
    wire.chunks.length = 0;
    wire.guard.receive(sent);
    expect(wire.chunks.map((chunk) => chunk.buffer === sent.buffer)).toEqual([true]);
    expect(wire.chunks).toEqual([sent]);
  });

  test('what has no use for the library is left out, the rest of the stream is whole', () => {
    const wire = greetedWire();
    const before = wire.forwarded().length;
    wire.guard.receive(
      concatBytes(message(9, [], Uint8Array.of(1, 2)), message(21, [], new Uint8Array(48)), message(1), extended(77, block), message(0)),
    );
    expect(wire.forwarded().subarray(before)).toEqual(concatBytes(message(1), message(0)));
    expect(wire.offences).toEqual([]);
  });

  test('a block that was asked for may come after the request was cancelled', () => {
    const wire = askedWire(1);
    wire.guard.sending(message(8, [3, 0, BLOCK]));
    wire.guard.receive(message(7, [3, 0], block));
    expect(wire.offences).toEqual([]);
  });

  test('a block may come after a choke', () => {
    const wire = askedWire(1, { fast: false });
    wire.guard.receive(concatBytes(message(0), message(7, [3, 0], block)));
    expect(wire.offences).toEqual([]);
  });

  test('a block asked for twice may come twice', () => {
    const wire = askedWire(1);
    wire.guard.sending(message(6, [3, 0, BLOCK]));
    wire.guard.receive(concatBytes(message(7, [3, 0], block), message(7, [3, 0], block)));
    expect(wire.offences).toEqual([]);
  });
});

describe('what no honest peer sends ends the connection before the library sees it', () => {
  const shape = { pieceCount: 200, pieceLengthBytes: 64 * 1024, totalBytes: 200 * 64 * 1024 - 1000 };
  const deepList = Uint8Array.from('d1:m'.concat('l'.repeat(5000)), (character) => character.charCodeAt(0));

  const cases: [what: string, bytes: Bytes][] = [
    ['a length of 1 GiB', u32(2 ** 30)],
    ['a block of 1 GiB', concatBytes(u32(2 ** 30), Uint8Array.of(7))],
    ['a length that reads negative', concatBytes(u32(2 ** 31 + 5), Uint8Array.of(4))],
    ['the largest length', concatBytes(u32(0xffffffff), Uint8Array.of(7))],
    ['a message of 1 MiB and a byte', concatBytes(u32(1024 * 1024 + 1), Uint8Array.of(99))],
    ['a choke with something behind it', message(0, [1])],
    ['a have that is too short', concatBytes(u32(4), Uint8Array.of(4, 0, 0, 0))],
    ['a have of a piece beyond the end', message(4, [200])],
    ['a bitfield that is too long', message(5, [], new Uint8Array(26))],
    ['a second bitfield', concatBytes(message(5, [], new Uint8Array(25)), message(14))],
    ['a request without a length', concatBytes(u32(9), Uint8Array.of(6), u32(1), u32(0))],
    ['a request for nothing', message(6, [1, 0, 0])],
    ['a request for more than anybody sends', message(6, [1, 0, 128 * 1024 + 1])],
    ['a request for a piece beyond the end', message(6, [200, 0, BLOCK])],
    ['a request across the end of a piece', message(6, [1, 3 * BLOCK + 1, BLOCK])],
    ['a request across the end of the torrent', message(6, [199, 3 * BLOCK, BLOCK])],
    ['a block nobody asked for', message(7, [4, 0], block)],
    ['a block shorter than asked for', message(7, [3, 0], block.subarray(1))],
    ['a block without bytes', message(7, [3, 0])],
    ['a block twice', concatBytes(message(7, [3, 0], block), message(7, [3, 0], block))],
    ['an extension message without an id', concatBytes(u32(1), Uint8Array.of(20))],
    ['an extension message over 64 KiB', concatBytes(u32(64 * 1024 + 3), Uint8Array.of(20, 1))],
    ['a handshake of extensions that is no dictionary', extended(0, Uint8Array.of(0x69, 0x31, 0x65))],
    ['a handshake of extensions nested without end', extended(0, deepList)],
    ['extension ids that are dictionaries', extended(0, dictionary({ m: new Map([['ut_metadata', new Map([['toString', 1]])]]) }))],
    ['a handshake that replaces what objects inherit', extended(0, dictionary({ ['__proto__']: new Map([['m', 1]]) }))],
    ['a metadata size that is text', extended(0, dictionary({ m: new Map(), metadata_size: 'a lot' }))],
    ['metadata of another size than before', extendedHandshake(2, 50_000)],
    ['metadata beyond its end', extended(1, concatBytes(dictionary({ msg_type: 1, piece: 99_999, total_size: 40_000 }), block))],
    ['metadata nobody asked for', extended(1, concatBytes(dictionary({ msg_type: 1, piece: 1, total_size: 40_000 }), block))],
    ['metadata that is too long', extended(1, concatBytes(dictionary({ msg_type: 1, piece: 0, total_size: 40_000 }), block, block))],
    ['metadata that is too short', extended(1, concatBytes(dictionary({ msg_type: 1, piece: 0, total_size: 40_000 }), block.subarray(1)))],
    ['metadata of another total', extended(1, concatBytes(dictionary({ msg_type: 1, piece: 0, total_size: 99 }), block))],
    ['a request for metadata beyond any end', extended(1, dictionary({ msg_type: 0, piece: 10_000 }))],
    ['a metadata message that ends where the library would not think', extended(1, dictionary({ a: 'ee', msg_type: 0, piece: 0 }))],
    ['a metadata message that is no dictionary', extended(1, block)],
  ];

  test.each(cases)('%s', (_what, bytes) => {
    const wire = askedWire(1, { metadataBytes: 40_000 });
    wire.guard.setTorrent(shape);
    wire.guard.sending(extended(2, dictionary({ msg_type: 0, piece: 0 })));
    wire.guard.sending(message(1));
    const before = wire.forwarded().length;
    wire.guard.receive(bytes);
    wire.guard.receive(message(1));
    expect(wire.offences).toHaveLength(1);
    // Of two messages the first may be fine; of the one that is not, nothing came through.
    expect([0, bytes.length / 2, message(5, [], new Uint8Array(25)).length]).toContain(wire.forwarded().length - before);
  });

  test.each([
    ['another protocol', { protocol: '\u0013BitTorrent protocoX' }],
    ['another torrent', { infoHash: '12'.repeat(20) }],
    ['another peer than was introduced', { peerId: '12'.repeat(20) }],
  ])('a handshake of %s', (_what, parts) => {
    const wire = guardedWire();
    wire.guard.receive(handshake(parts));
    expect(wire.offences).toHaveLength(1);
    expect(wire.chunks).toEqual([]);
  });

  test.each([
    ['have all', message(14)],
    ['a reject', message(16, [1, 0, BLOCK])],
    ['a suggestion', message(13, [1])],
  ])('%s although one side does not know of it', (_what, bytes) => {
    const wire = greetedWire({ fast: false });
    wire.guard.receive(bytes);
    expect(wire.offences).toHaveLength(1);
  });

  test('random bytes never get through as blocks, and never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const wire = greetedWire();
        for (const chunk of chunks) wire.guard.receive(Uint8Array.from(chunk));
        expect(wire.offences.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  test('nothing is held of a message before its length is known to be right', () => {
    const wire = greetedWire();
    wire.guard.receive(concatBytes(u32(2 ** 30), Uint8Array.of(20)));
    for (let index = 0; index < 100; index++) wire.guard.receive(new Uint8Array(64 * 1024));
    expect(wire.offences).toEqual(['a message longer than any may be']);
  });
});

function requestingWire(count: number, limits = { requestQueue: 10, refusedRequests: 20 }): ReturnType<typeof greetedWire> {
  const wire = greetedWire({ limits });
  wire.guard.sending(message(1));
  wire.chunks.length = 0;
  for (let index = 0; index < count; index++) wire.guard.receive(request(index));
  return wire;
}

describe('requests of the peer', () => {
  test('beyond the queue are rejected without the library', () => {
    const wire = requestingWire(12);
    expect(wire.chunks).toEqual(Array.from({ length: 10 }, (_, index) => request(index)));
    expect(wire.replies).toEqual([message(16, [10, 0, BLOCK]), message(16, [11, 0, BLOCK])]);
  });

  test('free a place when they are answered, rejected or cancelled', () => {
    const wire = requestingWire(10);
    wire.guard.sending(message(7, [0, 0], block));
    wire.guard.sending(message(16, [1, 0, BLOCK]));
    wire.guard.receive(message(8, [2, 0, BLOCK]));
    for (let index = 10; index < 14; index++) wire.guard.receive(request(index));
    expect(wire.replies).toEqual([message(16, [13, 0, BLOCK])]);
  });

  test('that never end are an offence', () => {
    expect(requestingWire(30).offences).toEqual([]);
    expect(requestingWire(31).offences).toEqual(['endless requests']);
  });

  test('are rejected between two messages of the library, never inside one', () => {
    const wire = requestingWire(10);
    const answer = message(7, [0, 0], block);
    wire.guard.sending(answer.subarray(0, 13));
    // The answer that begins frees a place.
    wire.guard.receive(concatBytes(request(10), request(11)));
    wire.guard.flushReplies();
    expect(wire.replies).toEqual([]);
    wire.guard.sending(answer.subarray(13));
    wire.guard.flushReplies();
    expect(wire.replies).toEqual([message(16, [11, 0, BLOCK])]);
  });

  test('that a choke forgets, without the fast extension, take no place', () => {
    const wire = greetedWire({ fast: false, limits: { requestQueue: 2 } });
    wire.guard.sending(message(1));
    wire.guard.receive(concatBytes(request(0), request(1)));
    wire.guard.sending(message(0));
    wire.guard.receive(request(2));
    wire.guard.sending(message(1));
    wire.chunks.length = 0;
    wire.guard.receive(concatBytes(request(3), request(4), request(5)));
    expect(wire.forwarded()).toEqual(concatBytes(request(3), request(4)));
  });
});

test('endless requests for metadata are an offence', () => {
  const wire = greetedWire({ limits: { metadataBytes: 16 * 1024 } });
  for (let index = 0; index < 5; index++) wire.guard.receive(extended(1, dictionary({ msg_type: 0, piece: 0 })));
  expect(wire.offences).toEqual(['endless requests for metadata']);
});

test('metadata that was rejected may be asked for again', () => {
  const wire = greetedWire({ metadataBytes: 100 });
  const ask = extended(2, dictionary({ msg_type: 0, piece: 0 }));
  const data = extended(1, concatBytes(dictionary({ msg_type: 1, piece: 0, total_size: 100 }), new Uint8Array(100)));
  wire.guard.sending(ask);
  wire.guard.receive(extended(1, dictionary({ msg_type: 2, piece: 0 })));
  wire.guard.sending(ask);
  wire.guard.receive(data);
  expect(wire.offences).toEqual([]);
  wire.guard.receive(data);
  expect(wire.offences).toEqual(['metadata nobody asked for']);
});

test('metadata that was asked for twice is handed over once', () => {
  const wire = greetedWire({ metadataBytes: 100 });
  const ask = extended(2, dictionary({ msg_type: 0, piece: 0 }));
  const data = extended(1, concatBytes(dictionary({ msg_type: 1, piece: 0, total_size: 100 }), new Uint8Array(100)));
  wire.guard.sending(concatBytes(ask, ask));
  wire.chunks.length = 0;
  wire.guard.receive(concatBytes(data, data));
  expect(wire.forwarded()).toEqual(data);
  expect(wire.offences).toEqual([]);
  // It did not verify: the library asks anew.
  wire.guard.sending(ask);
  wire.guard.receive(data);
  expect(wire.forwarded()).toEqual(concatBytes(data, data));
});

test('the most that a peer owed is remembered', () => {
  const wire = askedWire(4);
  wire.guard.receive(message(7, [3, 0], block));
  expect(wire.guard.mostRequestedBytes).toBe(4 * BLOCK);
});

test('of each block it is told when it was asked for: last, if more than once', async () => {
  const wire = greetedWire();
  const blocks: [number, number][] = [];
  wire.guard.whenBlock((latencyMs, lengthBytes) => void blocks.push([latencyMs, lengthBytes]));
  const short = BLOCK / 2;
  wire.guard.sending(message(6, [3, 0, BLOCK]));
  await wire.time.pass(30);
  wire.guard.sending(message(6, [3, BLOCK, short]));
  wire.guard.sending(message(6, [3, 0, BLOCK]));
  await wire.time.pass(20);
  wire.guard.receive(message(7, [3, 0], block));
  wire.guard.receive(message(7, [3, BLOCK], block.subarray(short)));
  await wire.time.pass(5);
  wire.guard.receive(message(7, [3, 0], block));
  expect(blocks).toEqual([
    [20, BLOCK],
    [20, short],
    [55, BLOCK],
  ]);
});
