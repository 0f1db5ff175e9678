import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Bytes } from '@/src/base/bytes';
import { PieceLayers } from '@/src/engine/piece-layers';
import { parseInfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary, parseTorrentFile } from '@/src/protocol/metainfo';
import { METAINFO_ERROR_CODES, type MetainfoRefusal } from '@/src/protocol/metainfo-refusal';
import { isV2Only, pieceSizeBytes, swarmHashes, type TorrentInfo } from '@/src/protocol/torrent-info';
import { fileSpans, isFolderTorrent, webSeedFileUrl } from '@/src/protocol/web-seed-spans';
import { writeBencode, type BencodeWritable } from '@/src/protocol/write-bencode';
import { chosenRanges, planPlayback } from '@/src/scheduler/playback-window';
import { describeAs, describeFilm, describeTwoFiles, fakeFilm } from '@/tests/support/local-swarm';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { mutatedBytes } from '../mutations';
import { bencodeValue } from './bencode';
import { NOTICES } from '@/src/protocol/notice';

/** Info dictionaries and torrent files of all versions, and what the engine works out of them at once. */

const film = fakeFilm(200_000);
const honest: readonly Bytes[] = [
  describeFilm(film, 32 * 1024).infoBytes,
  describeTwoFiles(film, 16 * 1024).infoBytes,
  describeAs('v2', film, 32 * 1024).info.infoBytes,
  describeAs('hybrid', film, 64 * 1024).info.infoBytes,
];

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const word = fc.constantFrom(
  'film.mp4',
  '',
  '.',
  '..',
  '../../etc/passwd',
  'a/b',
  'a\\b',
  'nul\0',
  '\u202Egpj.exe',
  '\uFEFF..',
  'CON',
  'x'.repeat(300),
  '\uFFFD',
  '__proto__',
);
const segment: fc.Arbitrary<BencodeWritable> = fc.oneof({ weight: 8, arbitrary: word.map(ascii) }, { weight: 1, arbitrary: bencodeValue });
const size: fc.Arbitrary<BencodeWritable> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 16_384, 16_385, 100_000, 2 ** 31, 2 ** 50, 2 ** 50 + 1, 2 ** 53 - 1, -1) },
  { weight: 1, arbitrary: bencodeValue },
);
const file = dictionaryOf({ length: size, path: fc.array(segment, { maxLength: 4 }), attr: fc.constantFrom('p', 'x').map(ascii) });
const root32 = fc.nat(3).map((fill) => new Uint8Array(32).fill(fill));
const leaf = dictionaryOf({ length: size, 'pieces root': root32 }).map((entry) => new Map([['', entry]]));
const tree = fc
  .array(fc.tuple(word, leaf), { maxLength: 4 })
  .map((entries): BencodeWritable => new Map(entries.map(([name, entry]) => [latin1(name), entry])));

/** Dictionaries that are bencoded right, and say what no honest maker would. */
const crafted = dictionaryOf({
  name: segment,
  'name.utf-8': segment,
  'piece length': fc.oneof(fc.constantFrom(0, 1, 16_384, 32_768, 49_152, 2 ** 26, 2 ** 27, 2 ** 53 - 1), size),
  pieces: fc.oneof(
    fc.constantFrom(0, 1, 7, 40).map((count) => new Uint8Array(count * 20)),
    bencodeValue,
  ),
  length: size,
  files: fc.array(fc.oneof({ weight: 8, arbitrary: file }, { weight: 1, arbitrary: bencodeValue }), { maxLength: 5 }),
  'meta version': fc.constantFrom(1, 2, 3),
  'file tree': fc.oneof({ weight: 6, arbitrary: tree }, { weight: 1, arbitrary: bencodeValue }),
  private: fc.constantFrom(0, 1, 2),
}).map(writeBencode);

/** Dictionaries that pass: two files whose pieces are as many as they have to be. */
const consistent = fc
  .record({
    first: fc.nat(100_000),
    second: fc.nat(100_000),
    pieceUnits: fc.constantFrom(1, 2, 3),
    name: word,
    attr: fc.constantFrom('', 'p'),
  })
  .map(({ first, second, pieceUnits, name, attr }) => {
    const pieceLength = pieceUnits * 16_384;
    const entry = (length: number, path: string): BencodeWritable =>
      new Map<string, BencodeWritable>([
        ['length', length],
        ['path', [path]],
        ['attr', attr],
      ]);
    return writeBencode(
      new Map<string, BencodeWritable>([
        ['name', name],
        ['piece length', pieceLength],
        ['pieces', new Uint8Array(Math.ceil((first + second) / pieceLength) * 20)],
        ['files', [entry(first, name), entry(second, 'b')]],
      ]),
    );
  });

const dictionary = fc.oneof(
  { weight: 4, arbitrary: mutatedBytes(fc.constantFrom(...honest), 3) },
  { weight: 4, arbitrary: crafted },
  { weight: 2, arbitrary: mutatedBytes(consistent, 2) },
  { weight: 1, arbitrary: consistent },
);

const urls = fc.constantFrom<BencodeWritable>(
  'wss://t.example',
  'udp://t.example:1',
  'http://\uD800',
  7,
  ['ws://a', ['wss://b'], 1],
  '',
  'file:///etc/passwd',
);

export const METAINFO: FuzzTarget = {
  name: 'metainfo',
  runs: 500,
  properties: [
    property('a-dictionary-is-refused-in-words-or-sound', dictionary, (infoBytes) => {
      const infoHash = parseInfoHash(createHash('sha1').update(infoBytes).digest('hex'));
      assert.ok(infoHash !== undefined);
      const result = bounded(infoBytes.length, () => parseInfoDictionary(infoBytes, infoHash));
      if (!result.ok) return refusedInWords(result);
      assert.ok(swarmHashes(result.info).includes(infoHash));
      assert.deepEqual(result.info.infoBytes, infoBytes);
      isSound(result.info);
    }),
    property('a-v2-dictionary-is-known-by-its-short-hash', dictionary, (infoBytes) => {
      const infoHash = parseInfoHash(createHash('sha256').update(infoBytes).digest('hex').slice(0, 40));
      assert.ok(infoHash !== undefined);
      const result = parseInfoDictionary(infoBytes, infoHash);
      if (!result.ok) return refusedInWords(result);
      assert.ok(swarmHashes(result.info).includes(infoHash));
      isSound(result.info);
    }),
    property(
      'a-torrent-file-is-refused-in-words-or-sound',
      fc.tuple(dictionary, urls, urls, fc.boolean()).chain(([infoBytes, announce, webSeeds, change]) => {
        const whole = wrapped(infoBytes, announce, webSeeds);
        return change ? mutatedBytes(fc.constant(whole), 2) : fc.constant(whole);
      }),
      (bytes) => {
        const result = bounded(bytes.length, () => parseTorrentFile(bytes));
        if (!result.ok) return refusedInWords(result);
        isSound(result.info);
        for (const url of [...result.trackers, ...result.webSeeds]) assert.match(url, /^(?:wss?|https?|udp):\/\//i);
      },
    ),
  ],
};

function refusedInWords({ code, notice }: MetainfoRefusal): void {
  assert.ok(METAINFO_ERROR_CODES.some((known) => known === code));
  assert.ok(notice.name in NOTICES);
}

/** What all of the engine takes for granted of a description. */
function isSound(info: TorrentInfo): void {
  const { files, pieceCount, pieceLengthBytes, totalBytes } = info;
  assert.ok(pieceCount >= 1 && pieceCount <= 512 * 1024 * 2);
  assert.ok(totalBytes >= 1 && totalBytes <= 2 ** 51);
  assert.equal(pieceLengthBytes % 16_384, 0);
  assert.equal(info.pieceHashes.length, isV2Only(info) ? 0 : pieceCount * 20);
  let offsetBytes = 0;
  for (const [index, entry] of files.entries()) {
    assert.equal(entry.index, index);
    assert.equal(entry.offsetBytes, offsetBytes);
    offsetBytes += entry.lengthBytes;
    for (const step of entry.path) isStep(step);
  }
  isStep(info.name);
  assert.equal(offsetBytes, totalBytes);
  for (const piece of [0, pieceCount - 1]) {
    const bytes = pieceSizeBytes(info, piece);
    assert.ok(bytes >= 1 && bytes <= pieceLengthBytes);
  }
  usesNoMoreThanItHas(info);
}

function isStep(step: string): void {
  assert.ok(step !== '' && step !== '.' && step !== '..' && step.length <= 255 && !/[/\\\0]/.test(step), JSON.stringify(step));
}

function usesNoMoreThanItHas(info: TorrentInfo): void {
  const selectedFiles = new Set(info.files.map(({ index }) => index));
  for (const { first, last } of chosenRanges(info, selectedFiles)) assert.ok(first >= 0 && first <= last && last < info.pieceCount);
  const fileIndex = info.files.find(({ padding, lengthBytes }) => !padding && lengthBytes > 0)?.index ?? 0;
  const plan = planPlayback({
    info,
    selectedFiles,
    playheads: [{ fileIndex, positionBytes: 0 }],
    windowBytes: 1024 * 1024,
    aheadBytes: Infinity,
    released: new Set(),
  });
  for (const piece of plan.urgent) assert.ok(piece >= 0 && piece < info.pieceCount);
  for (const { file: spanned, startBytes, lengthBytes } of fileSpans(info, 0, Math.min(info.totalBytes, info.pieceLengthBytes))) {
    assert.ok(startBytes + lengthBytes <= spanned.lengthBytes);
    assert.ok(URL.canParse(webSeedFileUrl(info, isFolderTorrent(info), 'https://seed.example/x/', spanned)));
  }
  if (!isV2Only(info)) return;
  const layers = new PieceLayers(info);
  for (const piece of [0, info.pieceCount - 1]) {
    const run = layers.missingRunOf(piece);
    if (run !== undefined) assert.equal(layers.answer(run), undefined);
    layers.leafRunOf(piece);
  }
}

function dictionaryOf(form: Readonly<Record<string, fc.Arbitrary<BencodeWritable>>>): fc.Arbitrary<Map<string, BencodeWritable>> {
  return fc
    .record(form, { requiredKeys: [] })
    .map((entries) => new Map(Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))));
}

function latin1(text: string): string {
  return Array.from(ascii(text), (byte) => String.fromCharCode(byte)).join('');
}

/** The dictionary as it stands, well-formed or not, where a torrent file has it. */
function wrapped(infoBytes: Bytes, announce: BencodeWritable, webSeeds: BencodeWritable): Bytes {
  const head = writeBencode(
    new Map([
      ['announce', announce],
      ['announce-list', announce],
    ]),
  );
  const tail = writeBencode(new Map([['url-list', webSeeds]]));
  const parts = [head.subarray(0, -1), ascii('4:info'), infoBytes, tail.subarray(1)];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
