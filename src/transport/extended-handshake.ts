import type { Bytes } from '@/src/base/bytes';
import { readBencode, type BencodeDictionary, type BencodeValue } from '@/src/protocol/bencode';

export interface ExtendedHandshake {
  /** Under which id its sender takes messages of an extension. */
  readonly idsByName: ReadonlyMap<string, number>;
  /** Of the info dictionary, when its sender has it. */
  readonly metadataBytes: number | undefined;
}

const MAX_DEPTH = 8;
const MAX_TOKENS = 1000;
const MAX_EXTENSIONS = 100;

/** Reads BEP 10's handshake. @returns undefined for what would have the library do anything but read it */
export function readExtendedHandshake(payload: Bytes, maxBytes: number): ExtendedHandshake | undefined {
  const read = readBencode(payload, { maxBytes, maxDepth: MAX_DEPTH, maxTokens: MAX_TOKENS, allowUnsortedKeys: true });
  // The library reads dictionaries into plain objects: this key would replace what they inherit.
  if (!read.ok || !isDictionary(read.value) || read.value.has('__proto__')) return undefined;
  const metadataBytes = read.value.get('metadata_size');
  const queue = read.value.get('reqq');
  const idsByName = readIds(read.value.get('m'));
  if (idsByName === undefined || !isOptionalNumber(metadataBytes) || !isOptionalNumber(queue)) return undefined;
  return { idsByName, metadataBytes };
}

function readIds(m: BencodeValue | undefined): ReadonlyMap<string, number> | undefined {
  if (m === undefined) return new Map();
  if (!isDictionary(m) || m.size > MAX_EXTENSIONS) return undefined;
  const ids = new Map<string, number>();
  for (const [name, id] of m) {
    if (typeof id !== 'number' || id < 0 || id > 255 || name === '__proto__') return undefined;
    ids.set(name, id);
  }
  return ids;
}

function isDictionary(value: BencodeValue | undefined): value is BencodeDictionary {
  return value instanceof Map;
}

function isOptionalNumber(value: BencodeValue | undefined): value is number | undefined {
  return value === undefined || typeof value === 'number';
}
