import { BLOCK_UNIT_BYTES, MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';

/** Who was asked for each 16 KiB unit of a piece that is being fetched, and what came. Knows nothing of the bytes themselves. */
export class BlockState {
  readonly piece: number;
  readonly sizeBytes: number;
  readonly unitCount: number;
  /** When set, only this peer may be asked: the piece failed before and the next attempt must name its author (SPEC B6). */
  readonly onlyPeer: string | undefined;
  readonly #received: Uint8Array;
  readonly #asked: Map<string, number>[];
  #missing: number;

  constructor(piece: number, sizeBytes: number, onlyPeer?: string) {
    this.piece = piece;
    this.sizeBytes = sizeBytes;
    this.onlyPeer = onlyPeer;
    this.unitCount = Math.ceil(sizeBytes / BLOCK_UNIT_BYTES);
    this.#received = new Uint8Array(this.unitCount);
    this.#asked = Array.from({ length: this.unitCount }, () => new Map<string, number>());
    this.#missing = this.unitCount;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  get receivedBytes(): number {
    let bytes = 0;
    for (let unit = 0; unit < this.unitCount; unit++) if (this.#received[unit] === 1) bytes += this.#unitBytes(unit);
    return bytes;
  }

  /** Units nobody was asked for yet. */
  get openUnits(): number {
    let open = 0;
    for (let unit = 0; unit < this.unitCount; unit++) if (this.#received[unit] === 0 && this.#asked[unit]?.size === 0) open++;
    return open;
  }

  /**
   * The next run of units to ask this peer for, in bytes, or undefined. With `lateBefore`, units that others were asked for before
   * that moment count as open too: an urgent duplicate.
   */
  nextRange(peer: string, maxBytes: number, lateBefore?: number): { offsetBytes: number; lengthBytes: number } | undefined {
    if (this.onlyPeer !== undefined && this.onlyPeer !== peer) return undefined;
    const maxUnits = Math.max(1, Math.floor(Math.min(maxBytes, MAX_BLOCK_BYTES) / BLOCK_UNIT_BYTES));
    for (let first = 0; first < this.unitCount; first++) {
      if (!this.#mayAsk(first, peer, lateBefore)) continue;
      let last = first;
      while (last + 1 < this.unitCount && last + 1 - first < maxUnits && this.#mayAsk(last + 1, peer, lateBefore)) last++;
      const offsetBytes = first * BLOCK_UNIT_BYTES;
      return { offsetBytes, lengthBytes: Math.min((last + 1) * BLOCK_UNIT_BYTES, this.sizeBytes) - offsetBytes };
    }
    return undefined;
  }

  ask(peer: string, offsetBytes: number, lengthBytes: number, nowMs: number): void {
    this.#eachUnit(offsetBytes, lengthBytes, (unit) => this.#asked[unit]?.set(peer, nowMs));
  }

  /** The request will not be answered: the units are open again. */
  release(peer: string, offsetBytes: number, lengthBytes: number): void {
    this.#eachUnit(offsetBytes, lengthBytes, (unit) => this.#asked[unit]?.delete(peer));
  }

  /** Marks a block as here. Returns how many of its bytes were new. */
  receive(peer: string, offsetBytes: number, lengthBytes: number): number {
    let newBytes = 0;
    this.#eachUnit(offsetBytes, lengthBytes, (unit) => {
      this.#asked[unit]?.delete(peer);
      if (this.#received[unit] === 1) return;
      this.#received[unit] = 1;
      this.#missing--;
      newBytes += this.#unitBytes(unit);
    });
    return newBytes;
  }

  hasUnitAt(offsetBytes: number): boolean {
    return this.#received[Math.floor(offsetBytes / BLOCK_UNIT_BYTES)] === 1;
  }

  /** Others who were asked for any unit of a range. */
  askedOthers(peer: string, offsetBytes: number, lengthBytes: number): Set<string> {
    const others = new Set<string>();
    this.#eachUnit(offsetBytes, lengthBytes, (unit) => {
      for (const other of this.#asked[unit]?.keys() ?? []) if (other !== peer) others.add(other);
    });
    return others;
  }

  #mayAsk(unit: number, peer: string, lateBefore: number | undefined): boolean {
    const asked = this.#asked[unit];
    if (this.#received[unit] === 1 || asked === undefined || asked.has(peer)) return false;
    if (asked.size === 0) return true;
    // Never more than two at once: a third copy costs more than it can win.
    return asked.size === 1 && lateBefore !== undefined && Math.max(...asked.values()) < lateBefore;
  }

  #unitBytes(unit: number): number {
    return Math.min(BLOCK_UNIT_BYTES, this.sizeBytes - unit * BLOCK_UNIT_BYTES);
  }

  #eachUnit(offsetBytes: number, lengthBytes: number, visit: (unit: number) => void): void {
    const first = Math.floor(offsetBytes / BLOCK_UNIT_BYTES);
    const last = Math.min(this.unitCount, Math.ceil((offsetBytes + lengthBytes) / BLOCK_UNIT_BYTES));
    for (let unit = first; unit < last; unit++) visit(unit);
  }
}
