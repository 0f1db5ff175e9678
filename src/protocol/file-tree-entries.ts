import { asBytes, asDictionary, asInteger, type BencodeDictionary, type BencodeValue } from './bencode';
import { latin1ToBytes } from './write-bencode';
import type { Bytes } from '@/src/base/bytes';
import { TREE_HASH_BYTES } from './merkle';
import { bad, MAX_FILES, MAX_PATH_SEGMENTS, MAX_TOTAL_BYTES, readSegment, tooManyFiles } from './metainfo-refusal';

/** A file as the file tree of a version 2 info dictionary has it (BEP 52). */
export interface TreeFile {
  readonly path: readonly string[];
  readonly lengthBytes: number;
  /** 32 bytes; undefined when the file is empty. */
  readonly piecesRoot: Bytes | undefined;
}

/** Files in the order of the tree, which the keys' bytes give. @throws {Refusal} */
export function readFileTree(value: BencodeValue | undefined): readonly TreeFile[] {
  const files: TreeFile[] = [];
  readFolder(asDictionary(value) ?? bad('its file tree is missing'), [], files);
  return files;
}

/** Goes down recursively: the bencode reader's own depth, and the number of path segments, keep that short. */
function readFolder(folder: BencodeDictionary, path: readonly string[], files: TreeFile[]): void {
  if (folder.size === 0) bad('a folder of its file tree is empty');
  if (path.length >= MAX_PATH_SEGMENTS) bad('a file is in too many folders');
  let previous = '';
  for (const [key, value] of folder) {
    // The order of files is the order of pieces: it must not depend on the reader.
    if (key <= previous) bad('its file tree is not in order');
    previous = key;
    const entry = asDictionary(value) ?? bad('an entry of its file tree is not a dictionary');
    const below = [...path, readSegment(latin1ToBytes(key), 'the path of a file')];
    if (!entry.has('')) {
      readFolder(entry, below, files);
      continue;
    }
    if (entry.size !== 1) bad('an entry of its file tree is both a file and a folder');
    if (files.length >= MAX_FILES) tooManyFiles();
    files.push(readFile(asDictionary(entry.get('')) ?? bad('a file of its file tree is not a dictionary'), below));
  }
}

function readFile(entry: BencodeDictionary, path: readonly string[]): TreeFile {
  const lengthBytes = asInteger(entry.get('length')) ?? bad('a file has no length');
  if (lengthBytes < 0 || lengthBytes > MAX_TOTAL_BYTES) bad('a file has a length that cannot be');
  const piecesRoot = asBytes(entry.get('pieces root'));
  if (lengthBytes > 0 && piecesRoot?.length !== TREE_HASH_BYTES) bad('a file has no pieces root');
  if (piecesRoot?.every((byte) => byte === 0) === true) bad('a file has a pieces root of zeros');
  if (lengthBytes === 0 && piecesRoot !== undefined) bad('an empty file has a pieces root');
  return { path, lengthBytes, piecesRoot };
}
