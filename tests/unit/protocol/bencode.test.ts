import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BencodeErrorCode, readBencode } from '@/src/protocol/bencode';
import { type BencodeWritable, writeBencode } from '@/src/protocol/write-bencode';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('the bencode reader', () => {
  test.each<[string, unknown]>([
    ['i0e', 0],
    ['i42e', 42],
    ['i-3e', -3],
    ['i9007199254740991e', Number.MAX_SAFE_INTEGER],
    ['i-9007199254740991e', Number.MIN_SAFE_INTEGER],
    ['0:', new Uint8Array()],
    ['4:spam', ascii('spam')],
    ['le', []],
    ['l4:spami7ee', [ascii('spam'), 7]],
    ['de', new Map()],
    [
      'd3:cow3:moo4:spaml1:aee',
      new Map<string, unknown>([
        ['cow', ascii('moo')],
        ['spam', [ascii('a')]],
      ]),
    ],
  ])('reads %s (BEP 3)', (text, value) => {
    const result = readBencode(ascii(text));
    expect(result.ok && result.value).toEqual(value);
  });

  test('gives byte strings as views, not copies', () => {
    const bytes = ascii('4:spam');
    const result = readBencode(bytes);
    expect(result.ok && result.value instanceof Uint8Array && result.value.buffer).toBe(bytes.buffer);
  });

  test('gives the raw bytes of the outermost values, and of no inner ones', () => {
    const result = readBencode(ascii('d4:infod6:lengthi5ee5:otherli1eee'));
    expect(result.ok && result.rawEntries).toEqual(
      new Map([
        ['info', ascii('d6:lengthi5ee')],
        ['other', ascii('li1ee')],
      ]),
    );
  });

  test.each<[string, BencodeErrorCode, number]>([
    ['', 'truncated', 0],
    ['i', 'truncated', 1],
    ['i5', 'truncated', 2],
    ['ie', 'bad-integer', 1],
    ['i-e', 'bad-integer', 2],
    ['i-0e', 'bad-integer', 3],
    ['i03e', 'bad-integer', 1],
    ['i-03e', 'bad-integer', 2],
    ['i5.5e', 'bad-integer', 2],
    ['i+5e', 'bad-integer', 1],
    ['i9007199254740992e', 'integer-out-of-range', 1],
    ['i99999999999999999999999999e', 'integer-out-of-range', 1],
    ['5:spam', 'truncated', 2],
    ['4294967296:', 'truncated', 0],
    ['99999999999999999999999999:', 'truncated', 0],
    ['04:spam', 'bad-length', 0],
    ['4;spam', 'bad-length', 1],
    ['-4:spam', 'bad-token', 0],
    ['l', 'truncated', 1],
    ['li5e', 'truncated', 4],
    ['d', 'truncated', 1],
    ['d3:cow', 'truncated', 6],
    ['d3:cowe', 'bad-token', 6],
    ['di5e3:cowe', 'bad-token', 1],
    ['d1:bi1e1:ai1ee', 'unsorted-key', 7],
    ['d1:ai1e1:ai2ee', 'duplicate-key', 7],
    ['e', 'bad-token', 0],
    ['x', 'bad-token', 0],
    ['i5ei6e', 'trailing-bytes', 3],
  ])('refuses %j: %s at byte %i', (text, code, offsetBytes) => {
    expect(readBencode(ascii(text))).toEqual({ ok: false, code, offsetBytes });
  });

  test('takes unsorted keys when told to, but never one key twice', () => {
    expect(readBencode(ascii('d1:bi1e1:ai1ee'), { allowUnsortedKeys: true })).toMatchObject({ ok: true });
    expect(readBencode(ascii('d1:bi1e1:ai1e1:bi1ee'), { allowUnsortedKeys: true })).toMatchObject({ ok: false, code: 'duplicate-key' });
  });

  test('sorts keys as raw bytes, not as text', () => {
    expect(readBencode(Uint8Array.of(...ascii('d1:zi1e1:'), 0xe4, ...ascii('i1ee')))).toMatchObject({ ok: true });
  });

  test('takes no key for anything but a key', () => {
    const result = readBencode(ascii('d9:__proto__i1e11:constructori2ee'));
    expect(result.ok && result.value).toEqual(
      new Map([
        ['__proto__', 1],
        ['constructor', 2],
      ]),
    );
  });

  test('stops at its limits: bytes, depth, tokens, length of a key', () => {
    expect(readBencode(ascii('4:spam'), { maxBytes: 5 })).toMatchObject({ code: 'too-large' });
    expect(readBencode(ascii('lllleeee'), { maxDepth: 3 })).toMatchObject({ code: 'too-deep', offsetBytes: 3 });
    expect(readBencode(ascii('llleee'), { maxDepth: 3 })).toMatchObject({ ok: true });
    expect(readBencode(ascii('li1ei2ee'), { maxTokens: 2 })).toMatchObject({ code: 'too-many-tokens', offsetBytes: 4 });
    expect(readBencode(ascii('li1ei2ee'), { maxTokens: 3 })).toMatchObject({ ok: true });
    expect(readBencode(ascii(`d5000:${'k'.repeat(5000)}i1ee`))).toMatchObject({ code: 'key-too-long' });
  });

  test.each(['l', 'd0:', 'd1:a'])('does not run out of stack on a million of %j', (opening) => {
    expect(readBencode(ascii(opening.repeat(1_000_000)))).toMatchObject({ code: 'too-deep' });
  });

  test('gives up on millions of empty values before they fill the memory', () => {
    expect(readBencode(ascii(`l${'de'.repeat(4_000_000)}e`))).toMatchObject({ code: 'too-many-tokens' });
  });

  test('answers any bytes with a value or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof readBencode(Uint8Array.from(bytes)).ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  test('reads only what has one spelling: whatever it accepts is written back byte for byte', () => {
    const almostBencode = fc.array(fc.constantFrom('i', 'l', 'd', 'e', '0:', '1:a', '1:b', '2:aa', '-', '0', '1', '23'), { maxLength: 12 });
    let accepted = 0;
    fc.assert(
      fc.property(almostBencode, (tokens) => {
        const bytes = ascii(tokens.join(''));
        const result = readBencode(bytes);
        if (!result.ok) return;
        accepted++;
        expect(writeBencode(result.value)).toEqual(bytes);
      }),
      { numRuns: 20_000, seed: 3 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('the bencode writer', () => {
  const { tree } = fc.letrec<{ tree: BencodeWritable }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.maxSafeInteger().map((value) => value + 0),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Uint8Array.from(bytes)),
      fc.array(tie('tree'), { maxLength: 5 }),
      fc
        .array(fc.tuple(fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 5 }), tie('tree')), {
          maxLength: 5,
        })
        .map((entries) => new Map(entries)),
    ),
  }));

  test('writes what the reader reads back the same, for any tree', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const result = readBencode(writeBencode(value));
        expect(result.ok && writeBencode(result.value)).toEqual(writeBencode(value));
        expect(result.ok && result.value).toEqual(value);
      }),
    );
  });

  test('sorts keys, and writes text in UTF-8', () => {
    const value = new Map<string, BencodeWritable>([
      ['b', 'ä'],
      ['a', [1, -1]],
    ]);
    expect(writeBencode(value)).toEqual(ascii('d1:ali1ei-1ee1:b2:äe'));
  });

  test('refuses to write what is no integer or no key', () => {
    expect(() => writeBencode(1.5)).toThrow('Invariant broken');
    expect(() => writeBencode(new Map([['€', 1]]))).toThrow('Invariant broken');
  });
});
