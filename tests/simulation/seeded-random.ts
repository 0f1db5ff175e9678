import type { RandomBytes } from '@/src/protocol/ids';

/** The same numbers for the same seed (sfc32 by Chris Doty-Humphrey, from PractRand). Good enough for a model, never for keys. */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let round = 0; round < 15; round++) this.#next();
  }

  /** 0 up to, not including, 1. */
  readonly random = (): number => this.#next() / 2 ** 32;

  readonly bytes: RandomBytes = (lengthBytes) => {
    const bytes = new Uint8Array(lengthBytes);
    for (let at = 0; at < lengthBytes; at += 4) {
      const word = this.#next();
      for (let byte = 0; byte < 4 && at + byte < lengthBytes; byte++) bytes[at + byte] = word >>> (8 * byte);
    }
    return bytes;
  };

  /** Exponentially distributed with that mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.random());
  }

  /** Log-normally distributed: its median, and the standard deviation of its logarithm. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.random()));
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
