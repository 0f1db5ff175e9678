import { bytesToUtf8 } from '@noble/ciphers/utils.js';
import { asBytes, type BencodeValue } from './bencode';
import { NoticeError, notice, type Notice } from './notice';

export const METAINFO_ERROR_CODES = ['hash-mismatch', 'not-bencoded', 'bad-info', 'unsupported'] as const;
export type MetainfoErrorCode = (typeof METAINFO_ERROR_CODES)[number];
export interface MetainfoRefusal {
  readonly ok: false;
  readonly code: MetainfoErrorCode;
  readonly notice: Notice;
  /** For logs: what exactly is wrong. */
  readonly message: string;
}

export const MAX_FILES = 100_000;
/** A pebibyte: far above any film, far below where numbers stop being exact. */
export const MAX_TOTAL_BYTES = 2 ** 50;
export const MAX_PATH_SEGMENTS = 64;
const MAX_SEGMENT_CHARS = 255;

/** Why a description is not taken; ends the reading of it. */
export class Refusal extends NoticeError {
  readonly code: MetainfoErrorCode;

  constructor(code: MetainfoErrorCode, said: Notice, detail?: string) {
    super(said, detail);
    this.name = 'Refusal';
    this.code = code;
  }
}

export function refusals<T>(read: () => T): T | MetainfoRefusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, notice: error.notice, message: error.message };
    throw error;
  }
}

export function bad(what: string): never {
  throw new Refusal('bad-info', notice('torrentInvalid'), what);
}

export function tooManyFiles(): never {
  throw new Refusal('unsupported', notice('torrentTooManyFiles', { limit: MAX_FILES }));
}

/** One step of a path, such that joining steps can neither leave the folder nor mean another file. What is no UTF-8 becomes U+FFFD. */
export function readSegment(value: BencodeValue | undefined, what: string): string {
  const bytes = asBytes(value) ?? bad(`${what} is missing`);
  if (bytes.length > MAX_SEGMENT_CHARS * 4) bad(`${what} is too long`);
  const text = bytesToUtf8(bytes);
  if (text.length > MAX_SEGMENT_CHARS) bad(`${what} is too long`);
  if (text === '' || text === '.' || text === '..' || /[/\\\0]/.test(text)) bad(`${what} is empty or leads out of its folder`);
  return text;
}
