import type { Bytes } from '@/src/base/bytes';

/** Bencoding (BEP 3): integers, byte strings (views into what was read, no copies), lists, and dictionaries keyed by latin1 text. */
export type BencodeValue = number | Bytes | readonly BencodeValue[] | BencodeDictionary;
export type BencodeDictionary = ReadonlyMap<string, BencodeValue>;

export interface BencodeOptions {
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Integers, strings (keys too), lists and dictionaries together: what bounds the memory of the tree. */
  readonly maxTokens: number;
  /** BEP 3 wants sorted keys. Some torrents in use have others, and the info hash pins their order anyway. */
  readonly allowUnsortedKeys: boolean;
}

/** A list of 100,000 files takes about 900,000 tokens. A million of the most wasteful ones take 0.2 GB until they are let go. */
export const BENCODE_DEFAULTS: BencodeOptions = {
  maxBytes: 10 * 1024 * 1024,
  maxDepth: 32,
  maxTokens: 1_000_000,
  allowUnsortedKeys: false,
};

export type BencodeErrorCode =
  | 'too-large'
  | 'too-deep'
  | 'too-many-tokens'
  | 'truncated'
  | 'bad-token'
  | 'bad-integer'
  | 'integer-out-of-range'
  | 'bad-length'
  | 'key-too-long'
  | 'duplicate-key'
  | 'unsorted-key'
  | 'trailing-bytes';

export type BencodeResult =
  | {
      readonly ok: true;
      readonly value: BencodeValue;
      /** Each value of the outermost dictionary as it stood in the bytes: an info hash is the hash of such a slice. */
      readonly rawEntries: ReadonlyMap<string, Bytes>;
    }
  | { readonly ok: false; readonly code: BencodeErrorCode; readonly offsetBytes: number };

const MAX_KEY_BYTES = 4096;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const DICTIONARY = 0x64;
const END = 0x65;
const INTEGER = 0x69;
const LIST = 0x6c;

/** Reads exactly one value. Never throws, whatever the bytes. */
export function readBencode(bytes: Bytes, options: Partial<BencodeOptions> = {}): BencodeResult {
  const limits = { ...BENCODE_DEFAULTS, ...options };
  if (bytes.length > limits.maxBytes) return { ok: false, code: 'too-large', offsetBytes: limits.maxBytes };
  const reader = new Reader(bytes, limits);
  try {
    const value = reader.readValue(0);
    reader.expectEnd();
    return { ok: true, value, rawEntries: reader.rawEntries };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, code: error.code, offsetBytes: error.offsetBytes };
    throw error;
  }
}

export function asInteger(value: BencodeValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function asBytes(value: BencodeValue | undefined): Bytes | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

export function asDictionary(value: BencodeValue | undefined): BencodeDictionary | undefined {
  return value instanceof Map ? value : undefined;
}

export function asList(value: BencodeValue | undefined): readonly BencodeValue[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

class Malformed extends Error {
  readonly code: BencodeErrorCode;
  readonly offsetBytes: number;

  constructor(code: BencodeErrorCode, offsetBytes: number) {
    super(`${code} at byte ${offsetBytes}`);
    this.name = 'Malformed';
    this.code = code;
    this.offsetBytes = offsetBytes;
  }
}

/** Goes down recursively: `maxDepth` keeps that far from the end of the stack. */
class Reader {
  readonly rawEntries = new Map<string, Bytes>();
  readonly #bytes: Bytes;
  readonly #limits: BencodeOptions;
  #at = 0;
  #tokens = 0;

  constructor(bytes: Bytes, limits: BencodeOptions) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  readValue(depth: number): BencodeValue {
    const token = this.#peek();
    switch (token) {
      case INTEGER:
        return this.#readInteger();
      case LIST:
        return this.#readList(depth + 1);
      case DICTIONARY:
        return this.#readDictionary(depth + 1);
      default:
        return this.#readString();
    }
  }

  expectEnd(): void {
    if (this.#at < this.#bytes.length) this.#fail('trailing-bytes');
  }

  #readInteger(): number {
    this.#countToken();
    this.#at++;
    const negative = this.#peek() === MINUS;
    if (negative) this.#at++;
    const magnitude = this.#readDigits('bad-integer', 'integer-out-of-range', Number.MAX_SAFE_INTEGER);
    if (negative && magnitude === 0) this.#fail('bad-integer');
    if (this.#peek() !== END) this.#fail('bad-integer');
    this.#at++;
    return negative ? -magnitude : magnitude;
  }

  #readString(): Bytes {
    this.#countToken();
    if (!isDigit(this.#peek())) this.#fail('bad-token');
    const length = this.#readDigits('bad-length', 'truncated', this.#bytes.length);
    if (this.#peek() !== COLON) this.#fail('bad-length');
    this.#at++;
    if (length > this.#bytes.length - this.#at) this.#fail('truncated');
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  #readList(depth: number): readonly BencodeValue[] {
    this.#enter(depth);
    const items: BencodeValue[] = [];
    while (this.#peek() !== END) items.push(this.readValue(depth));
    this.#at++;
    return items;
  }

  #readDictionary(depth: number): BencodeDictionary {
    this.#enter(depth);
    const entries = new Map<string, BencodeValue>();
    let previousKey: string | undefined;
    while (this.#peek() !== END) {
      const key = this.#readKey(entries, previousKey);
      const start = this.#at;
      entries.set(key, this.readValue(depth));
      if (depth === 1) this.rawEntries.set(key, this.#bytes.subarray(start, this.#at));
      previousKey = key;
    }
    this.#at++;
    return entries;
  }

  /** latin1 keeps the order of the bytes, so comparing texts is comparing keys. */
  #readKey(entries: BencodeDictionary, previousKey: string | undefined): string {
    const start = this.#at;
    const bytes = this.#readString();
    if (bytes.length > MAX_KEY_BYTES) this.#fail('key-too-long', start);
    const key = String.fromCharCode(...bytes);
    if (entries.has(key)) this.#fail('duplicate-key', start);
    if (!this.#limits.allowUnsortedKeys && previousKey !== undefined && key < previousKey) this.#fail('unsorted-key', start);
    return key;
  }

  /** At least one digit, no leading zero, at most `max`. */
  #readDigits(malformed: BencodeErrorCode, tooLarge: BencodeErrorCode, max: number): number {
    const start = this.#at;
    let value = 0;
    for (let digit = this.#peek(); isDigit(digit); digit = this.#peek()) {
      if (this.#at > start && value === 0) this.#fail(malformed, start);
      value = value * 10 + (digit - DIGIT_0);
      if (value > max) this.#fail(tooLarge, start);
      this.#at++;
    }
    if (this.#at === start) this.#fail(malformed, start);
    return value;
  }

  #enter(depth: number): void {
    this.#countToken();
    if (depth > this.#limits.maxDepth) this.#fail('too-deep');
    this.#at++;
  }

  #countToken(): void {
    this.#tokens++;
    if (this.#tokens > this.#limits.maxTokens) this.#fail('too-many-tokens');
  }

  #peek(): number {
    return this.#bytes[this.#at] ?? this.#fail('truncated');
  }

  #fail(code: BencodeErrorCode, offsetBytes = this.#at): never {
    throw new Malformed(code, offsetBytes);
  }
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_9;
}
