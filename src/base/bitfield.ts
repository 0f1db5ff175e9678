import type { Bytes } from './bytes';
import { assert } from './assert';

/** A fixed number of bits, first bit highest as on the wire (BEP 3), counting what is set as it changes. */
export class Bitfield {
  readonly length: number;
  readonly bytes: Bytes;
  #count = 0;

  constructor(length: number) {
    assert(Number.isSafeInteger(length) && length >= 0, 'a bitfield has a length');
    this.length = length;
    this.bytes = new Uint8Array(Math.ceil(length / 8));
  }

  /** Copies stored bits. Returns undefined when the bytes do not fit the length or a spare bit is set. */
  static from(bytes: Uint8Array, length: number): Bitfield | undefined {
    const field = new Bitfield(length);
    if (bytes.length !== field.bytes.length) return undefined;
    const spareBits = bytes.length * 8 - length;
    if (spareBits > 0 && ((bytes.at(-1) ?? 0) & ((1 << spareBits) - 1)) !== 0) return undefined;
    field.bytes.set(bytes);
    for (let index = 0; index < length; index++) if (field.has(index)) field.#count++;
    return field;
  }

  static full(length: number): Bitfield {
    const field = new Bitfield(length);
    for (let index = 0; index < length; index++) field.add(index);
    return field;
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.length;
  }

  has(index: number): boolean {
    return index >= 0 && index < this.length && ((this.bytes[index >> 3] ?? 0) & (128 >> (index & 7))) !== 0;
  }

  /** Returns whether the bit was clear before. */
  add(index: number): boolean {
    assert(index >= 0 && index < this.length, 'the bit is inside the field');
    if (this.has(index)) return false;
    this.bytes[index >> 3] = (this.bytes[index >> 3] ?? 0) | (128 >> (index & 7));
    this.#count++;
    return true;
  }

  /** Returns whether the bit was set before. */
  delete(index: number): boolean {
    if (!this.has(index)) return false;
    this.bytes[index >> 3] = (this.bytes[index >> 3] ?? 0) & ~(128 >> (index & 7));
    this.#count--;
    return true;
  }

  clone(): Bitfield {
    const copy = new Bitfield(this.length);
    copy.bytes.set(this.bytes);
    copy.#count = this.#count;
    return copy;
  }
}
