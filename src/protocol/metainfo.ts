import { bytesToUtf8 } from '@noble/ciphers/utils.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { type Bytes, toHex } from '@/src/base/bytes';
import { asBytes, asDictionary, asInteger, asList, type BencodeDictionary, type BencodeValue, readBencode } from './bencode';
import { type InfoHash, parseInfoHash } from './ids';
import { BLOCK_UNIT_BYTES } from './peer-messages';
import type { TorrentFile, TorrentInfo } from './torrent-info';
import { keepTrackerUrls, keepWebSeedUrls } from './tracker-urls';

export const METAINFO_ERROR_CODES = ['hash-mismatch', 'not-bencoded', 'bad-info', 'unsupported'] as const;
export type MetainfoErrorCode = (typeof METAINFO_ERROR_CODES)[number];
export type MetainfoRefusal = { readonly ok: false; readonly code: MetainfoErrorCode; readonly message: string };
export type InfoResult = { readonly ok: true; readonly info: TorrentInfo } | MetainfoRefusal;
export type TorrentFileResult =
  | { readonly ok: true; readonly info: TorrentInfo; readonly trackers: readonly string[]; readonly webSeeds: readonly string[] }
  | MetainfoRefusal;

export const MAX_PIECE_LENGTH_BYTES = 64 * 1024 * 1024;
export const MAX_FILES = 100_000;
/** A pebibyte: far above any film, far below where numbers stop being exact. */
const MAX_TOTAL_BYTES = 2 ** 50;
const MAX_PATH_SEGMENTS = 64;
const MAX_SEGMENT_CHARS = 255;
const HASH_BYTES = 20;

/** Checks an info dictionary (BEP 3; of a hybrid torrent its v1 side) against its hash, then all of it. Keeps a copy. Never throws. */
export function parseInfoDictionary(infoBytes: Bytes, expected: InfoHash): InfoResult {
  // A copy, since a view would be emptied when the caller's buffer is transferred.
  const bytes = infoBytes.slice();
  if (toHex(sha1(bytes)) !== expected) {
    return { ok: false, code: 'hash-mismatch', message: 'The description of this torrent does not match its info hash.' };
  }
  return refusals(() => ({ ok: true, info: readInfo(bytes, expected) }));
}

/** Reads a whole .torrent file. Where its trackers and web seeds lead is not checked. Never throws. */
export function parseTorrentFile(fileBytes: Bytes): TorrentFileResult {
  return refusals(() => {
    // Files with unsorted keys are in use, and it is the slice as it stands that is hashed.
    const result = readBencode(fileBytes, { allowUnsortedKeys: true });
    const root = result.ok ? asDictionary(result.value) : undefined;
    const rawInfo = result.ok ? result.rawEntries.get('info') : undefined;
    if (root === undefined || rawInfo === undefined) throw new Refusal('not-bencoded', 'This is not a torrent file, or it is damaged.');
    const infoBytes = rawInfo.slice();
    const infoHash = parseInfoHash(toHex(sha1(infoBytes)));
    if (infoHash === undefined) throw new Refusal('hash-mismatch', 'The info hash of this torrent cannot be computed.');
    return { ok: true, info: readInfo(infoBytes, infoHash), trackers: readTrackers(root), webSeeds: readWebSeeds(root) };
  });
}

class Refusal extends Error {
  readonly code: MetainfoErrorCode;

  constructor(code: MetainfoErrorCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

function refusals<T>(read: () => T): T | MetainfoRefusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

function bad(what: string): never {
  throw new Refusal('bad-info', `The description of this torrent is not valid: ${what}. Look for another torrent of it.`);
}

function readInfo(infoBytes: Bytes, infoHash: InfoHash): TorrentInfo {
  const result = readBencode(infoBytes, { allowUnsortedKeys: true });
  if (!result.ok) {
    throw new Refusal('not-bencoded', `The description of this torrent cannot be read (${result.code} at byte ${result.offsetBytes}).`);
  }
  const dictionary = asDictionary(result.value) ?? bad('it is not a dictionary');
  const pieceHashes = readPieceHashes(dictionary);
  const pieceLengthBytes = readPieceLength(dictionary);
  const name = readSegment(preferUtf8(dictionary, 'name'), 'its name');
  const files = readFiles(dictionary, name);
  const last = files.at(-1);
  const totalBytes = last === undefined ? 0 : last.offsetBytes + last.lengthBytes;
  if (totalBytes === 0) bad('it holds no data');
  const pieceCount = Math.ceil(totalBytes / pieceLengthBytes);
  if (pieceHashes.length !== pieceCount * HASH_BYTES) bad('it has too few or too many piece hashes for its length');
  const isPrivate = asInteger(dictionary.get('private')) === 1;
  return { infoHash, name, pieceLengthBytes, pieceCount, totalBytes, pieceHashes, files, isPrivate, infoBytes };
}

function readPieceHashes(dictionary: BencodeDictionary): Bytes {
  const pieces = asBytes(dictionary.get('pieces'));
  if (pieces !== undefined) return pieces;
  if (asInteger(dictionary.get('meta version')) === 2) {
    throw new Refusal('unsupported', 'This is a BitTorrent v2 torrent, which cannot be played yet. Look for a v1 or hybrid torrent of it.');
  }
  return bad('its piece hashes are missing');
}

/**
 * Blocks are requested on a grid of 16 KiB that must meet the ends of pieces, so that no block lies in two of them. Every torrent made
 * in the last decades keeps to it. BEP 3 asks for a power of two only as a habit; any multiple works.
 */
function readPieceLength(dictionary: BencodeDictionary): number {
  const pieceLengthBytes = asInteger(dictionary.get('piece length')) ?? bad('its piece length is missing');
  if (pieceLengthBytes <= 0) bad('its piece length is not positive');
  if (pieceLengthBytes % BLOCK_UNIT_BYTES !== 0 || pieceLengthBytes > MAX_PIECE_LENGTH_BYTES) {
    throw new Refusal(
      'unsupported',
      'The pieces of this torrent are not a multiple of 16 KiB up to 64 MiB. Look for another torrent of it.',
    );
  }
  return pieceLengthBytes;
}

function readFiles(dictionary: BencodeDictionary, name: string): readonly TorrentFile[] {
  if (!dictionary.has('files')) return [readFile(dictionary, [name], 0, 0)];
  const list = asList(dictionary.get('files')) ?? bad('its files are not a list');
  if (list.length > MAX_FILES)
    throw new Refusal('unsupported', `This torrent has more than ${MAX_FILES} files, which is too many to play.`);
  const files: TorrentFile[] = [];
  let offsetBytes = 0;
  for (const [index, item] of list.entries()) {
    const entry = asDictionary(item) ?? bad('one of its files is not a dictionary');
    const file = readFile(entry, readPath(entry), index, offsetBytes);
    offsetBytes += file.lengthBytes;
    files.push(file);
  }
  return files;
}

function readFile(entry: BencodeDictionary, path: readonly string[], index: number, offsetBytes: number): TorrentFile {
  const lengthBytes = asInteger(entry.get('length')) ?? bad('a file has no length');
  if (lengthBytes < 0) bad('a file has a negative length');
  if (offsetBytes + lengthBytes > MAX_TOTAL_BYTES) bad('it claims to be larger than a pebibyte');
  return { index, path, lengthBytes, offsetBytes, padding: isPadding(entry) };
}

/** BEP 47: an attribute `p` says that the file only fills the space up to the next piece. */
function isPadding(entry: BencodeDictionary): boolean {
  return asBytes(entry.get('attr'))?.includes(0x70) ?? false;
}

function readPath(entry: BencodeDictionary): readonly string[] {
  const segments = asList(preferUtf8(entry, 'path')) ?? bad('a file has no path');
  if (segments.length === 0 || segments.length > MAX_PATH_SEGMENTS) bad('a file is in no folder or in too many');
  return segments.map((segment) => readSegment(segment, 'the path of a file'));
}

/** Older programs wrote `name` in the code page of its maker's machine and added the same in UTF-8. */
function preferUtf8(dictionary: BencodeDictionary, key: string): BencodeValue | undefined {
  return dictionary.get(`${key}.utf-8`) ?? dictionary.get(key);
}

/** One step of a path, such that joining steps can neither leave the folder nor mean another file. What is no UTF-8 becomes U+FFFD. */
function readSegment(value: BencodeValue | undefined, what: string): string {
  const bytes = asBytes(value) ?? bad(`${what} is missing`);
  if (bytes.length > MAX_SEGMENT_CHARS * 4) bad(`${what} is too long`);
  const text = bytesToUtf8(bytes);
  if (text.length > MAX_SEGMENT_CHARS) bad(`${what} is too long`);
  if (text === '' || text === '.' || text === '..' || /[/\\\0]/.test(text)) bad(`${what} is empty or leads out of its folder`);
  return text;
}

/** `announce` (BEP 3) and the tiers of `announce-list` (BEP 12) in one list. */
function readTrackers(root: BencodeDictionary): readonly string[] {
  const tiers = asList(root.get('announce-list')) ?? [];
  const urls = [root.get('announce'), ...tiers.flatMap((tier) => asList(tier) ?? [])];
  return keepTrackerUrls(urls.map((url) => bytesToUtf8(asBytes(url) ?? new Uint8Array())));
}

/** `url-list` (BEP 19): one address or a list of them. */
function readWebSeeds(root: BencodeDictionary): readonly string[] {
  const value = root.get('url-list');
  const urls = asList(value) ?? [value];
  return keepWebSeedUrls(urls.map((url) => bytesToUtf8(asBytes(url) ?? new Uint8Array())));
}
