import { bytesToUtf8 } from '@noble/ciphers/utils.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, toHex } from '@/src/base/bytes';
import { asBytes, asDictionary, asInteger, asList, type BencodeDictionary, type BencodeValue, readBencode } from './bencode';
import { readFileTree, type TreeFile } from './file-tree-entries';
import { alignFiles, joinFileLists } from './file-tree-layout';
import type { InfoHash, InfoHashV2 } from './ids';
import {
  bad,
  MAX_FILES,
  MAX_PATH_SEGMENTS,
  MAX_TOTAL_BYTES,
  type MetainfoRefusal,
  readSegment,
  Refusal,
  refusals,
  tooManyFiles,
} from './metainfo-refusal';
import { BLOCK_UNIT_BYTES } from './peer-messages';
import { swarmHashes, truncateHash, type TorrentFile, type TorrentInfo } from './torrent-info';
import { keepTrackerUrls, keepWebSeedUrls } from './tracker-urls';
import { notice } from './notice';

export type InfoResult = { readonly ok: true; readonly info: TorrentInfo } | MetainfoRefusal;
export type TorrentFileResult =
  | { readonly ok: true; readonly info: TorrentInfo; readonly trackers: readonly string[]; readonly webSeeds: readonly string[] }
  | MetainfoRefusal;

export const MAX_PIECE_LENGTH_BYTES = 64 * 1024 * 1024;
const HASH_BYTES = 20;

/**
 * Checks an info dictionary (BEP 3, BEP 52) against the hash it was asked by, which is its SHA-1 or the first 20 bytes of its SHA-256;
 * then all of it. Keeps a copy. Never throws.
 */
export function parseInfoDictionary(infoBytes: Bytes, expected: InfoHash): InfoResult {
  const isIt = toHex(sha1(infoBytes)) === expected || toHex(sha256(infoBytes)).slice(0, expected.length) === expected;
  return isIt ? readInfoDictionary(infoBytes, expected) : refusals(mismatch);
}

/** As `parseInfoDictionary`, of bytes that were verified against this hash before: hashing them here takes a page some ms. */
export function readInfoDictionary(infoBytes: Bytes, expected: InfoHash): InfoResult {
  // A copy, since a view would be emptied when the caller's buffer is transferred.
  const bytes = infoBytes.slice();
  return refusals(() => {
    const info = readInfo(bytes, expected);
    if (!swarmHashes(info).includes(expected)) mismatch();
    return { ok: true, info };
  });
}

/** Reads a whole .torrent file. Where its trackers and web seeds lead is not checked. Never throws. */
export function parseTorrentFile(fileBytes: Bytes): TorrentFileResult {
  return refusals(() => {
    // Files with unsorted keys are in use, and it is the slice as it stands that is hashed.
    const result = readBencode(fileBytes, { allowUnsortedKeys: true });
    const root = result.ok ? asDictionary(result.value) : undefined;
    const rawInfo = result.ok ? result.rawEntries.get('info') : undefined;
    if (root === undefined || rawInfo === undefined) throw new Refusal('not-bencoded', notice('notTorrentFile'));
    const infoBytes = rawInfo.slice();
    const info = readInfo(infoBytes, undefined);
    return { ok: true, info, trackers: readTrackers(root), webSeeds: readWebSeeds(root) };
  });
}

function mismatch(): never {
  throw new Refusal('hash-mismatch', notice('torrentHashMismatch'));
}

/** @param askedBy undefined: the canonical info hash (SPEC S2) */
function readInfo(infoBytes: Bytes, askedBy: InfoHash | undefined): TorrentInfo {
  const result = readBencode(infoBytes, { allowUnsortedKeys: true });
  if (!result.ok) {
    throw new Refusal('not-bencoded', notice('torrentUnreadable'), `${result.code} at byte ${result.offsetBytes}`);
  }
  const dictionary = asDictionary(result.value) ?? bad('it is not a dictionary');
  const isV2 = readVersion(dictionary) === 2;
  const pieceHashes = asBytes(dictionary.get('pieces'));
  if (pieceHashes === undefined && !isV2) bad('its piece hashes are missing');
  const pieceLengthBytes = readPieceLength(dictionary, isV2);
  const name = readSegment(preferUtf8(dictionary, 'name'), 'its name');
  const tree = isV2 ? readFileTree(dictionary.get('file tree')) : undefined;
  const listed = pieceHashes === undefined ? undefined : readFiles(dictionary, name);
  const { files, shortPieces } = layOut(listed, tree, pieceLengthBytes);
  const last = files.at(-1);
  const totalBytes = last === undefined ? 0 : last.offsetBytes + last.lengthBytes;
  if (totalBytes === 0) bad('it holds no data');
  const pieceCount = Math.ceil(totalBytes / pieceLengthBytes);
  if (pieceHashes !== undefined && pieceHashes.length !== pieceCount * HASH_BYTES)
    bad('it has too few or too many piece hashes for its length');
  const hashes = {
    ...(pieceHashes === undefined ? {} : { infoHashV1: toHex(sha1(infoBytes)) as InfoHash }),
    ...(isV2 ? { infoHashV2: toHex(sha256(infoBytes)) as InfoHashV2 } : {}),
  };
  return {
    infoHash: askedBy ?? hashes.infoHashV1 ?? truncateHash(toHex(sha256(infoBytes)) as InfoHashV2),
    ...(isV2 ? hashes : {}),
    name,
    pieceLengthBytes,
    pieceCount,
    totalBytes,
    pieceHashes: pieceHashes ?? new Uint8Array(0),
    ...(shortPieces === undefined ? {} : { shortPieces }),
    files,
    isPrivate: asInteger(dictionary.get('private')) === 1,
    infoBytes,
  };
}

function layOut(
  listed: readonly TorrentFile[] | undefined,
  tree: readonly TreeFile[] | undefined,
  pieceLengthBytes: number,
): { files: readonly TorrentFile[]; shortPieces?: ReadonlyMap<number, number> } {
  if (tree === undefined) return { files: listed ?? [] };
  return listed === undefined ? alignFiles(tree, pieceLengthBytes) : { files: joinFileLists(listed, tree, pieceLengthBytes) };
}

/** 1 when it does not say (BEP 3). */
function readVersion(dictionary: BencodeDictionary): 1 | 2 {
  const version = asInteger(dictionary.get('meta version')) ?? 1;
  if (version === 1 || version === 2) return version;
  throw new Refusal('unsupported', notice('torrentVersion', { version }));
}

/**
 * Blocks are requested on a grid of 16 KiB that must meet the ends of pieces, so that no block lies in two of them. Every torrent made
 * in the last decades keeps to it. BEP 3 asks for a power of two only as a habit; any multiple works.
 */
function readPieceLength(dictionary: BencodeDictionary, isV2: boolean): number {
  const pieceLengthBytes = asInteger(dictionary.get('piece length')) ?? bad('its piece length is missing');
  if (pieceLengthBytes <= 0) bad('its piece length is not positive');
  if (pieceLengthBytes % BLOCK_UNIT_BYTES !== 0 || pieceLengthBytes > MAX_PIECE_LENGTH_BYTES) {
    throw new Refusal('unsupported', notice('torrentPieceLength'));
  }
  if (isV2 && !Number.isInteger(Math.log2(pieceLengthBytes))) bad('its piece length is not a power of two (BEP 52)');
  return pieceLengthBytes;
}

function readFiles(dictionary: BencodeDictionary, name: string): readonly TorrentFile[] {
  if (!dictionary.has('files')) return [readFile(dictionary, [name], 0, 0)];
  const list = asList(dictionary.get('files')) ?? bad('its files are not a list');
  if (list.length > MAX_FILES) tooManyFiles();
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
