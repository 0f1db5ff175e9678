/** Of base64url, which is all that sealed text is made of (SPEC section E). */
const IS_SEALED_BYTE = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') IS_SEALED_BYTE[char.charCodeAt(0)] = 1;

/**
 * Sealed text as it came over the wire. Nobody here reads it: where it goes out as it came in, it never becomes text, which is most of what
 * a relay would otherwise allocate. It is part of a buffer that others write into later, so that it is used at once or not at all.
 */
export class SealedBytes {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  toString(): string {
    return this.bytes.toString('latin1');
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Text, or what becomes the same text. */
export type Sealed = string | SealedBytes;

/** Whether bytes from `from` up to, but not including, `to` may be in sealed text. */
export function areSealedBytes(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (IS_SEALED_BYTE[bytes[at] ?? 0] === 0) return false;
  return true;
}
