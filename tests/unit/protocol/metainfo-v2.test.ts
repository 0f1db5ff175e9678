import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex } from '@/src/base/bytes';
import { ContentHasher, type TorrentKind } from '@/src/protocol/content-hasher';
import { buildInfoDictionary, inTreeOrder, type ContentFile } from '@/src/protocol/create-torrent';
import type { InfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary, type InfoResult } from '@/src/protocol/metainfo';
import { isV2Only, pieceSizeBytes, swarmHashes } from '@/src/protocol/torrent-info';
import { type BencodeWritable, writeBencode } from '@/src/protocol/write-bencode';

const KIB = 1024;
const dictionary = (entries: Record<string, BencodeWritable>) => new Map(Object.entries(entries));
const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
const root = (byte = 7) => new Uint8Array(32).fill(byte);
const leaf = (length: number, more: Record<string, BencodeWritable> = { 'pieces root': root() }) =>
  dictionary({ '': dictionary({ length, ...more }) });

function parse(entries: Record<string, BencodeWritable>): InfoResult {
  const infoBytes = writeBencode(dictionary(entries));
  return parseInfoDictionary(infoBytes, hash('sha256', infoBytes).slice(0, 40) as InfoHash);
}

const read = (bytes: Uint8Array<ArrayBuffer>) => parseInfoDictionary(bytes, hash('sha256', bytes).slice(0, 40) as InfoHash);

const withTree = (tree: string) => new TextEncoder().encode(`d9:file treed${tree}e12:meta versioni2e4:name4:Film12:piece lengthi32768ee`);

const v2 = { name: 'Film', 'piece length': 32 * KIB, 'meta version': 2 };

function make(kind: TorrentKind, files: readonly (readonly [path: string[], bytes: Uint8Array])[], pieceLengthBytes = 32 * KIB) {
  const listed: ContentFile[] = files.map(([path, bytes]) => ({ path, lengthBytes: bytes.length }));
  const hasher = new ContentHasher({ kind, files: listed, pieceLengthBytes, startHash: (algorithm) => createHash(algorithm) });
  for (const [, bytes] of files) {
    hasher.update(bytes);
    hasher.endFile();
  }
  const { hashes, ...hashed } = hasher.finish();
  return { info: buildInfoDictionary({ name: 'Film', pieceLengthBytes, single: false, ...hashed }), hashes };
}

const FILES = [
  [['Film.mkv'], new Uint8Array(70_000).fill(1)],
  [['Subs', 'de.srt'], new Uint8Array(0)],
  [['Subs', 'en.srt'], new Uint8Array(500).fill(2)],
] as const satisfies readonly (readonly [string[], Uint8Array])[];

describe('an info dictionary of BitTorrent v2', () => {
  test('has the info hash libtorrent publishes for the same file', () => {
    // The facts of a test torrent of libtorrent, an implementation of BEP 52 we share no code with.
    const info = buildInfoDictionary({
      name: 'test1MB',
      single: true,
      pieceLengthBytes: 64 * KIB,
      files: [
        {
          path: ['test1MB'],
          lengthBytes: 1_048_576,
          piecesRoot: fromHex('515ea9181744b817744ded9d2e8e9dc6a8450c0b0c52e24b5077f302ffbd9008'),
        },
      ],
    });
    expect(info.infoHashV2).toBe('95e04d0c4bad94ab206efa884666fd89777dbe4f7bd9945af1829037a85c6192');
    expect(info).toMatchObject({ infoHash: info.infoHashV2?.slice(0, 40), pieceCount: 16, files: [{ path: ['test1MB'] }] });
  });

  test('begins every file with a piece, and the last piece of each is shorter', () => {
    const { info } = make('v2', FILES);
    expect(info.files.map(({ path, offsetBytes, padding }) => [path.join('/'), offsetBytes, padding])).toEqual([
      ['Film.mkv', 0, false],
      [`.pad/${96 * KIB - 70_000}`, 70_000, true],
      ['Subs/de.srt', 96 * KIB, false],
      ['Subs/en.srt', 96 * KIB, false],
    ]);
    expect(Array.from({ length: info.pieceCount }, (_, piece) => pieceSizeBytes(info, piece))).toEqual([
      32 * KIB,
      32 * KIB,
      70_000 - 64 * KIB,
      500,
    ]);
    expect(isV2Only(info)).toBe(true);
  });

  test('M2: is taken by the first 20 bytes of its SHA-256 and by nothing else', () => {
    const { info } = make('v2', FILES);
    expect(parseInfoDictionary(info.infoBytes, info.infoHash)).toEqual({ ok: true, info });
    expect(info.infoHash).toBe(hash('sha256', info.infoBytes).slice(0, 40));
    const bySha1 = parseInfoDictionary(info.infoBytes, hash('sha1', info.infoBytes) as InfoHash);
    expect(bySha1).toMatchObject({ ok: false, code: 'hash-mismatch' });
  });

  test.each<[string, Record<string, BencodeWritable>]>([
    ['no file tree', {}],
    ['an empty file tree', { 'file tree': dictionary({}) }],
    ['a name that leads out of its folder', { 'file tree': dictionary({ '..': leaf(5) }) }],
    ['a path separator in a name', { 'file tree': dictionary({ 'a/b': leaf(5) }) }],
    ['a file without a length', { 'file tree': dictionary({ a: dictionary({ '': dictionary({ 'pieces root': root() }) }) }) }],
    ['a negative length', { 'file tree': dictionary({ a: leaf(-5) }) }],
    ['a file without a root', { 'file tree': dictionary({ a: leaf(5, {}) }) }],
    ['a root of another length', { 'file tree': dictionary({ a: leaf(5, { 'pieces root': new Uint8Array(20) }) }) }],
    ['a root of zeros', { 'file tree': dictionary({ a: leaf(5, { 'pieces root': root(0) }) }) }],
    ['an empty file with a root', { 'file tree': dictionary({ a: leaf(0), b: leaf(5) }) }],
    ['a file that is a folder, too', { 'file tree': dictionary({ a: new Map([...leaf(5), ['b', leaf(5)]]) }) }],
    ['an empty folder', { 'file tree': dictionary({ a: dictionary({}), b: leaf(5) }) }],
    ['no data', { 'file tree': dictionary({ a: leaf(0, {}) }) }],
    ['more pieces than memory is set aside for', { 'file tree': dictionary({ a: leaf(2 ** 40) }) }],
    ['more than a pebibyte', { 'file tree': dictionary({ a: leaf(2 ** 50), b: leaf(2 ** 50) }), 'piece length': 64 * KIB * KIB }],
    ['a piece length that is no power of two', { 'file tree': dictionary({ a: leaf(5) }), 'piece length': 48 * KIB }],
  ])('with %s is refused', (_, entries) => {
    expect(parse({ ...v2, ...entries })).toMatchObject({
      ok: false,
      code: 'bad-info',
      notice: { name: 'torrentInvalid' },
    });
  });

  test('whose files are not in the order of their names is refused: the order says which piece is whose', () => {
    const [left, right] = ['1:a', '1:b'].map((name) => `${name}d0:d6:lengthi5e11:pieces root32:${'r'.repeat(32)}ee`);
    expect(read(withTree(`${left}${right}`))).toMatchObject({ ok: true });
    expect(read(withTree(`${right}${left}`))).toMatchObject({ ok: false, code: 'bad-info' });
  });

  test('of a version to come is refused as unsupported', () => {
    expect(parse({ ...v2, 'meta version': 3, 'file tree': dictionary({ a: leaf(5) }) })).toMatchObject({ ok: false, code: 'unsupported' });
  });

  test('with any file tree at all is read or refused, and never throws', () => {
    const value: fc.Arbitrary<BencodeWritable> = fc.letrec<{ value: BencodeWritable }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.integer(),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('', 'a', 'b', 'length', 'pieces root', 'attr'), tie('value'), { maxKeys: 4 }).map(dictionary),
      ),
    })).value;
    fc.assert(
      fc.property(value, fc.boolean(), (tree, hybrid) => {
        const result = parse({ ...v2, 'file tree': tree, ...(hybrid ? { pieces: new Uint8Array(20), length: 5 } : {}) });
        expect(typeof result.ok).toBe('boolean');
      }),
    );
  });
});

describe('an info dictionary of both versions', () => {
  test('is one run of bytes for both, whichever hash it was asked by', () => {
    const { info } = make('hybrid', FILES);
    const [canonical, other = ''] = swarmHashes(info);
    expect(canonical).toBe(hash('sha1', info.infoBytes));
    expect(other).toBe(hash('sha256', info.infoBytes).slice(0, 40));
    expect(parseInfoDictionary(info.infoBytes, other as InfoHash)).toEqual({ ok: true, info: { ...info, infoHash: other } });
    expect(info.files.map(({ padding }) => padding)).toEqual([false, true, false, false]);
    expect(info.files[0]?.piecesRoot).toHaveLength(32);
    // The file before the gap, as v1 has it: with zeros up to the end of its piece.
    expect(pieceSizeBytes(info, 2)).toBe(32 * KIB);
    expect(make('v2', FILES).info.files.map(({ offsetBytes }) => offsetBytes)).toEqual(info.files.map(({ offsetBytes }) => offsetBytes));
  });

  const tree = dictionary({ a: leaf(40_000), b: leaf(500) });
  const padded = [
    dictionary({ length: 40_000, path: ['a'] }),
    dictionary({ attr: 'p', length: 25_536, path: ['.pad', '25536'] }),
    dictionary({ length: 500, path: ['b'] }),
  ];
  const hybrid = { ...v2, 'file tree': tree, pieces: new Uint8Array(60), files: padded };

  test('is taken when its two lists agree', () => {
    expect(parse(hybrid)).toMatchObject({ ok: true, info: { pieceCount: 3 } });
  });

  test.each<[string, Record<string, BencodeWritable>]>([
    ['another length', { 'file tree': dictionary({ a: leaf(40_001), b: leaf(500) }) }],
    ['another name', { 'file tree': dictionary({ a: leaf(40_000), c: leaf(500) }) }],
    ['a file more in the tree', { 'file tree': dictionary({ a: leaf(40_000), b: leaf(500), c: leaf(500) }) }],
    ['a file more in the list', { files: [...padded, dictionary({ length: 5, path: ['c'] })] }],
    ['a file that does not begin with a piece', { files: [padded[0] ?? '', padded[2] ?? ''], pieces: new Uint8Array(40) }],
  ])('M5: is refused with %s: its two kinds of viewer would mean different bytes', (_, change) => {
    expect(parse({ ...hybrid, ...change })).toMatchObject({
      ok: false,
      code: 'bad-info',
      message: expect.stringContaining('do not agree') as string,
    });
  });
});

test('files come in the order of a file tree: by the bytes of each step of their paths', () => {
  const paths = [['b'], ['a.b'], ['a', 'z'], ['\u{1f600}'], ['\uffee'], ['a', 'B']];
  expect(inTreeOrder(paths.map((path) => ({ path }))).map(({ path }) => path.join('/'))).toEqual([
    'a/B',
    'a/z',
    'a.b',
    'b',
    '\uffee',
    '\u{1f600}',
  ]);
});
