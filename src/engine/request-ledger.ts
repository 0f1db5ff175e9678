import type { BlockRange } from '@/src/protocol/peer-messages';

const MAX_REMEMBERED_CANCELS = 2000;

export type Settlement =
  /** `askedAtMs`: undefined for what came unasked. */
  { readonly kind: 'owed'; readonly askedAtMs: number | undefined } | { readonly kind: 'cancelled' } | { readonly kind: 'unsolicited' };

/** What one peer owes us, and what it may still send although we cancelled it (SPEC B4). */
export class RequestLedger {
  readonly #owed = new Map<string, BlockRange & { readonly askedAtMs: number | undefined }>();
  readonly #cancelled = new Map<string, number>();
  #owedBytes = 0;

  get owedBytes(): number {
    return this.#owedBytes;
  }

  get count(): number {
    return this.#owed.size;
  }

  get isEmpty(): boolean {
    return this.#owed.size === 0;
  }

  /** @param nowMs undefined for what comes without being asked for (SPEC N3) */
  ask(range: BlockRange, nowMs: number | undefined): void {
    this.#owed.set(key(range), { ...range, askedAtMs: nowMs });
    this.#owedBytes += range.lengthBytes;
  }

  /** Whether `settle` would find it asked for. */
  expects(range: BlockRange): boolean {
    const name = key(range);
    return this.#owed.has(name) || this.#cancelled.has(name);
  }

  /** `owed`: asked for and answered now. `cancelled`: throw it away. `unsolicited`: an offence. */
  settle(piece: number, offsetBytes: number, lengthBytes: number): Settlement {
    const name = key({ piece, offsetBytes, lengthBytes });
    const owed = this.#owed.get(name);
    if (owed !== undefined) {
      this.#owed.delete(name);
      this.#owedBytes -= lengthBytes;
      return { kind: 'owed', askedAtMs: owed.askedAtMs };
    }
    const cancelled = this.#cancelled.get(name);
    if (cancelled === undefined) return { kind: 'unsolicited' };
    if (cancelled > 1) this.#cancelled.set(name, cancelled - 1);
    else this.#cancelled.delete(name);
    return { kind: 'cancelled' };
  }

  ofPiece(piece: number): BlockRange[] {
    return [...this.#owed.values()].filter((range) => range.piece === piece);
  }

  /** All ranges that are owed; each becomes one that may still arrive. */
  cancel(): BlockRange[] {
    const ranges = [...this.#owed.values()];
    for (const range of ranges) this.cancelRange(range);
    return ranges;
  }

  cancelRange(range: BlockRange): void {
    const name = key(range);
    if (!this.#owed.delete(name)) return;
    this.#owedBytes -= range.lengthBytes;
    this.#cancelled.set(name, (this.#cancelled.get(name) ?? 0) + 1);
    const oldest = this.#cancelled.keys().next();
    if (this.#cancelled.size > MAX_REMEMBERED_CANCELS && !oldest.done) this.#cancelled.delete(oldest.value);
  }

  /** Owed ranges that touch a range of one piece. */
  overlapping(piece: number, offsetBytes: number, lengthBytes: number): BlockRange[] {
    return [...this.#owed.values()].filter(
      (range) =>
        range.piece === piece && range.offsetBytes < offsetBytes + lengthBytes && offsetBytes < range.offsetBytes + range.lengthBytes,
    );
  }
}

function key({ piece, offsetBytes, lengthBytes }: BlockRange): string {
  return `${piece}:${offsetBytes}:${lengthBytes}`;
}
