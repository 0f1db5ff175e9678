import { utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '@/src/base/assert';
import type { Bytes } from '@/src/base/bytes';

/** What can be written: what is read, and text, which is written in UTF-8. Keys are latin1 text. */
export type BencodeWritable = number | string | Uint8Array | readonly BencodeWritable[] | ReadonlyMap<string, BencodeWritable>;

/** Bencodes a value of our own making, keys sorted (BEP 3). Its depth is its author's concern. */
export function writeBencode(value: BencodeWritable): Bytes {
  const parts: Uint8Array[] = [];
  write(value, parts);
  // Not concatBytes: a list of 100,000 files has more parts than a call may have arguments.
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function write(value: BencodeWritable, parts: Uint8Array[]): void {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), 'a bencoded number is an integer');
    parts.push(utf8ToBytes(`i${value}e`));
  } else if (typeof value === 'string') {
    writeBytes(utf8ToBytes(value), parts);
  } else if (value instanceof Uint8Array) {
    writeBytes(value, parts);
  } else if ('get' in value) {
    writeDictionary(value, parts);
  } else {
    writeList(value, parts);
  }
}

function writeBytes(bytes: Uint8Array, parts: Uint8Array[]): void {
  parts.push(utf8ToBytes(`${bytes.length}:`), bytes);
}

function writeList(items: readonly BencodeWritable[], parts: Uint8Array[]): void {
  parts.push(utf8ToBytes('l'));
  for (const item of items) write(item, parts);
  parts.push(utf8ToBytes('e'));
}

function writeDictionary(entries: ReadonlyMap<string, BencodeWritable>, parts: Uint8Array[]): void {
  parts.push(utf8ToBytes('d'));
  for (const [key, value] of [...entries].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    writeBytes(latin1ToBytes(key), parts);
    write(value, parts);
  }
  parts.push(utf8ToBytes('e'));
}

export function latin1ToBytes(text: string): Bytes {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    assert(code < 256, 'a dictionary key is latin1');
    bytes[index] = code;
  }
  return bytes;
}
