/** Generous: what is looked for is a loop that squares its input, or a length that was believed. */
export interface Bounds {
  readonly cpuMs: number;
  /** Memory for each byte of input: an empty list takes two bytes on the wire and some dozens in memory. */
  readonly memoryPerByte: number;
  /** Beside that: tables, and what the machine itself does meanwhile. */
  readonly memoryBytes: number;
}

const DEFAULT_BOUNDS: Bounds = { cpuMs: 1500, memoryPerByte: 500, memoryBytes: 8 * 1024 * 1024 };

/**
 * Calls a decoder and looks at what it cost: time of this thread alone, since others share the machine, and memory that has not been
 * collected again.
 * @param inputBytes what it was given
 * @throws {Error} when it took more than may be
 */
export function bounded<Result>(inputBytes: number, decode: () => Result, bounds: Partial<Bounds> = {}): Result {
  const { cpuMs, memoryPerByte, memoryBytes } = { ...DEFAULT_BOUNDS, ...bounds };
  const memoryBefore = heldBytes();
  const timeBefore = process.threadCpuUsage();
  const result = decode();
  const { user, system } = process.threadCpuUsage(timeBefore);
  const tookBytes = heldBytes() - memoryBefore;
  if ((user + system) / 1000 > cpuMs) throw new Error(`${inputBytes} bytes took ${Math.round((user + system) / 1000)} ms`);
  if (tookBytes > memoryBytes + inputBytes * memoryPerByte) throw new Error(`${inputBytes} bytes took ${tookBytes} bytes of memory`);
  return result;
}

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Takes the errors a decoder declares for an answer. @returns undefined when it refused */
export function unlessRefused<Result>(
  decode: () => Result,
  ...declared: readonly (abstract new (...args: never[]) => Error)[]
): Result | undefined {
  try {
    return decode();
  } catch (error) {
    if (declared.some((type) => error instanceof type)) return undefined;
    throw error;
  }
}
