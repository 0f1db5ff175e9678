import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '@/src/base/assert';
import { type Bytes, toHex } from '@/src/base/bytes';
import { ID_BYTES, type InfoHash } from './ids';
import { parseInfoDictionary } from './metainfo';
import { BLOCK_UNIT_BYTES, MAX_METADATA_BYTES } from './peer-messages';
import type { TorrentInfo } from './torrent-info';
import { type BencodeWritable, writeBencode } from './write-bencode';
import { NoticeError, notice } from './notice';

export interface TorrentContents {
  /** Name of the file or of the folder. */
  readonly name: string;
  /**
   * In the order their bytes were hashed; of v2 and hybrid torrents, as `inTreeOrder` gives it. Paths are below the folder; of a single
   * file the path is not written to the v1 list.
   */
  readonly files: readonly ContentFile[];
  readonly pieceLengthBytes: number;
  /** What `PieceHasher` gave for the files' bytes one after another, of a hybrid torrent with padding; left out: v2 only. */
  readonly pieceHashes?: Bytes;
  /** Whether it is one file and no folder. */
  readonly single: boolean;
}

export interface ContentFile {
  readonly path: readonly string[];
  readonly lengthBytes: number;
  /** What `FileHasher` gave, of v2 and hybrid torrents. */
  readonly piecesRoot?: Bytes | undefined;
}

/** Their names alone are more than viewers would fetch before they see anything. */
const NO_BYTES = new Uint8Array(0);
const MAX_PIECES_AIMED_AT = 2000;
const MAX_CHOSEN_PIECE_LENGTH_BYTES = 16 * 1024 * 1024;

/**
 * The smallest power of two that needs at most 2,000 pieces: small pieces verify (and so play) sooner, while each costs 20 bytes of
 * description, which a viewer fetches before anything else. 512 KiB for a film of a gigabyte.
 */
export function choosePieceLength(totalBytes: number): number {
  let pieceLengthBytes = BLOCK_UNIT_BYTES;
  while (pieceLengthBytes < MAX_CHOSEN_PIECE_LENGTH_BYTES && totalBytes / pieceLengthBytes > MAX_PIECES_AIMED_AT) pieceLengthBytes *= 2;
  return pieceLengthBytes;
}

/** The order of a file tree (BEP 52): by the bytes of each step of a path. */
export function inTreeOrder<File extends Pick<ContentFile, 'path'>>(files: readonly File[]): File[] {
  const stepped = files.map((file) => ({ file, steps: file.path.map((segment) => utf8ToBytes(segment)) }));
  return stepped.toSorted((left, right) => comparePaths(left.steps, right.steps)).map(({ file }) => file);
}

/** Zeros that follow a file of a hybrid torrent, so that the next one begins with a piece. */
export function paddingAfter(files: readonly ContentFile[], index: number, pieceLengthBytes: number): number {
  const isFollowed = files.findLastIndex(({ lengthBytes }) => lengthBytes > 0) > index;
  const overhangBytes = (files[index]?.lengthBytes ?? 0) % pieceLengthBytes;
  return isFollowed && overhangBytes > 0 ? pieceLengthBytes - overhangBytes : 0;
}

/**
 * Writes the info dictionary of contents of our own: v1 (BEP 3), v2 or hybrid (BEP 52), by which hashes there are.
 * @throws {NoticeError} when a viewer would refuse it: a name that leads out of its folder, no data, hashes that do not fit the length.
 */
export function buildInfoDictionary(contents: TorrentContents): TorrentInfo {
  const infoBytes = writeBencode(infoDictionary(contents));
  if (infoBytes.length > MAX_METADATA_BYTES) throw new NoticeError(notice('shareTooManyFiles'));
  const hash = contents.pieceHashes === undefined ? sha256(infoBytes).subarray(0, ID_BYTES) : sha1(infoBytes);
  const result = parseInfoDictionary(infoBytes, toHex(hash) as InfoHash);
  if (!result.ok) throw new NoticeError(notice('shareBadName'), result.message);
  return result.info;
}

function infoDictionary(contents: TorrentContents): BencodeWritable {
  const { name, pieceLengthBytes } = contents;
  return new Map<string, BencodeWritable>([
    ['name', name],
    ['piece length', pieceLengthBytes],
    ...v1Entries(contents),
    ...v2Entries(contents),
  ]);
}

function v1Entries({ files, single, pieceHashes, pieceLengthBytes }: TorrentContents): [string, BencodeWritable][] {
  const [first] = files;
  assert(!single || (first !== undefined && files.length === 1), 'a single-file torrent has one file');
  if (pieceHashes === undefined) return [];
  const isPadded = files.some(({ piecesRoot }) => piecesRoot !== undefined);
  const listed = files.flatMap((file, index) => {
    const gapBytes = isPadded ? paddingAfter(files, index, pieceLengthBytes) : 0;
    return gapBytes === 0 ? [fileDictionary(file)] : [fileDictionary(file), paddingDictionary(gapBytes)];
  });
  return [['pieces', pieceHashes], single ? ['length', first?.lengthBytes ?? 0] : ['files', listed]];
}

function v2Entries({ files }: TorrentContents): [string, BencodeWritable][] {
  if (files.every(({ piecesRoot }) => piecesRoot === undefined)) return [];
  const root: Folder = new Map();
  for (const { path, lengthBytes, piecesRoot } of files) {
    let folder = root;
    for (const segment of path) folder = folderIn(folder, latin1Key(segment));
    const entry: Folder = new Map([['length', lengthBytes]]);
    if (piecesRoot !== undefined) entry.set('pieces root', piecesRoot);
    folder.set('', entry);
  }
  return [
    ['meta version', 2],
    ['file tree', root],
  ];
}

type Folder = Map<string, BencodeWritable>;

function folderIn(folder: Folder, key: string): Folder {
  const known = folder.get(key);
  if (known instanceof Map) return known;
  const made: Folder = new Map();
  folder.set(key, made);
  return made;
}

/** The bytes of a name as the text a dictionary key is written from. */
function latin1Key(segment: string): string {
  return Array.from(utf8ToBytes(segment), (byte) => String.fromCharCode(byte)).join('');
}

function comparePaths(left: readonly Uint8Array[], right: readonly Uint8Array[]): number {
  for (let step = 0; step < Math.max(left.length, right.length); step++) {
    const order = compareBytes(left[step], right[step]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareBytes(left: Uint8Array = NO_BYTES, right: Uint8Array = NO_BYTES): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function fileDictionary(file: ContentFile): BencodeWritable {
  return new Map<string, BencodeWritable>([
    ['length', file.lengthBytes],
    ['path', file.path],
  ]);
}

/** BEP 47, with the name that libtorrent and others give it. */
function paddingDictionary(lengthBytes: number): BencodeWritable {
  return new Map<string, BencodeWritable>([
    ['attr', 'p'],
    ['length', lengthBytes],
    ['path', ['.pad', String(lengthBytes)]],
  ]);
}
