import type { Rates, Totals } from '@/src/protocol/engine-api';

const SPAN_MS = 3000;
const SLOT_MS = 250;

/** Bytes over the last three seconds, in quarter-second slots. */
class RateMeter {
  readonly #slots = new Map<number, number>();

  add(bytes: number, nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + bytes);
    this.#forget(slot);
  }

  bytesPerSecond(nowMs: number): number {
    const slot = Math.floor(nowMs / SLOT_MS);
    this.#forget(slot);
    if (this.#slots.size === 0) return 0;
    const oldest = Math.min(...this.#slots.keys());
    const spanMs = Math.max(1000, nowMs - oldest * SLOT_MS);
    return [...this.#slots.values()].reduce((total, bytes) => total + bytes, 0) / (spanMs / 1000);
  }

  #forget(slot: number): void {
    for (const old of this.#slots.keys()) if (old <= slot - SPAN_MS / SLOT_MS) this.#slots.delete(old);
  }
}

/** What went each way, in all and lately; of one peer or of a session. */
export class Traffic {
  readonly #down = new RateMeter();
  readonly #up = new RateMeter();
  #downloadedBytes = 0;
  #uploadedBytes = 0;
  #wastedBytes = 0;
  #corruptBytes = 0;

  downloaded(bytes: number, nowMs: number): void {
    this.#downloadedBytes += bytes;
    this.#down.add(bytes, nowMs);
  }

  uploaded(bytes: number, nowMs: number): void {
    this.#uploadedBytes += bytes;
    this.#up.add(bytes, nowMs);
  }

  /** @param isCorrupt not a duplicate, but what did not verify */
  wasted(bytes: number, isCorrupt = false): void {
    this.#wastedBytes += bytes;
    if (isCorrupt) this.#corruptBytes += bytes;
  }

  rates(nowMs: number): Rates {
    return { downloadBytesPerSecond: this.#down.bytesPerSecond(nowMs), uploadBytesPerSecond: this.#up.bytesPerSecond(nowMs) };
  }

  totals(): Totals {
    return {
      downloadedBytes: this.#downloadedBytes,
      uploadedBytes: this.#uploadedBytes,
      wastedBytes: this.#wastedBytes,
      corruptBytes: this.#corruptBytes,
    };
  }
}

export const NO_TRAFFIC: { readonly rates: Rates; readonly totals: Totals } = {
  rates: { downloadBytesPerSecond: 0, uploadBytesPerSecond: 0 },
  totals: { downloadedBytes: 0, uploadedBytes: 0, wastedBytes: 0, corruptBytes: 0 },
};

export function addTraffic(parts: readonly { readonly rates: Rates; readonly totals: Totals }[]): { rates: Rates; totals: Totals } {
  return parts.reduce(
    (sum, { rates, totals }) => ({
      rates: {
        downloadBytesPerSecond: sum.rates.downloadBytesPerSecond + rates.downloadBytesPerSecond,
        uploadBytesPerSecond: sum.rates.uploadBytesPerSecond + rates.uploadBytesPerSecond,
      },
      totals: {
        downloadedBytes: sum.totals.downloadedBytes + totals.downloadedBytes,
        uploadedBytes: sum.totals.uploadedBytes + totals.uploadedBytes,
        wastedBytes: sum.totals.wastedBytes + totals.wastedBytes,
        corruptBytes: sum.totals.corruptBytes + totals.corruptBytes,
      },
    }),
    NO_TRAFFIC,
  );
}
