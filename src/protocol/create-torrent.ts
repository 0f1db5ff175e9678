import { sha1 } from '@noble/hashes/legacy.js';
import { assert } from '@/src/base/assert';
import { type Bytes, toHex } from '@/src/base/bytes';
import { type InfoHash, parseInfoHash } from './ids';
import { parseInfoDictionary } from './metainfo';
import { BLOCK_UNIT_BYTES } from './peer-messages';
import type { TorrentInfo } from './torrent-info';
import { type BencodeWritable, writeBencode } from './write-bencode';

export interface TorrentContents {
  /** Name of the file or of the folder. */
  readonly name: string;
  /** In the order their bytes were hashed. Paths are below the folder; of a single file the path is not written. */
  readonly files: readonly { readonly path: readonly string[]; readonly lengthBytes: number }[];
  readonly pieceLengthBytes: number;
  /** What `PieceHasher` gave for the files' bytes one after another. */
  readonly pieceHashes: Bytes;
  /** Whether it is one file and no folder. */
  readonly single: boolean;
}

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

/**
 * Writes the info dictionary (BEP 3) of contents of our own.
 * @throws {RangeError} when a viewer would refuse it: a name that leads out of its folder, no data, hashes that do not fit the length.
 */
export function buildInfoDictionary(contents: TorrentContents): TorrentInfo {
  const infoBytes = writeBencode(infoDictionary(contents));
  const result = parseInfoDictionary(infoBytes, hashOf(infoBytes));
  if (!result.ok) throw new RangeError(result.message);
  return result.info;
}

function infoDictionary({ name, files, pieceLengthBytes, pieceHashes, single }: TorrentContents): BencodeWritable {
  const [first] = files;
  assert(!single || (first !== undefined && files.length === 1), 'a single-file torrent has one file');
  return new Map<string, BencodeWritable>([
    ['name', name],
    ['piece length', pieceLengthBytes],
    ['pieces', pieceHashes],
    single ? ['length', first?.lengthBytes ?? 0] : ['files', files.map(fileDictionary)],
  ]);
}

function fileDictionary(file: TorrentContents['files'][number]): BencodeWritable {
  return new Map<string, BencodeWritable>([
    ['length', file.lengthBytes],
    ['path', file.path],
  ]);
}

function hashOf(infoBytes: Bytes): InfoHash {
  const infoHash = parseInfoHash(toHex(sha1(infoBytes)));
  assert(infoHash !== undefined, 'a SHA-1 is an info hash');
  return infoHash;
}
