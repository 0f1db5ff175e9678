import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import { BlockLedger } from './block-ledger';
import { MetadataGuard } from './metadata-guard';
import type { WireLimits } from './wire-limits';

export interface TorrentShape {
  readonly pieceCount: number;
  readonly pieceLengthBytes: number;
  readonly totalBytes: number;
}

/** Requests that were never answered and that the library gave up without a word. */
const MAX_REMEMBERED_REQUESTS = 10_000;

/** What is known of one wire from what went through it in both directions. */
/** Clients choke and unchoke every ten seconds. */
const SWITCHES_PER_SECOND = 10;
const MAX_SWITCHES = 100;

export class WireState {
  readonly metadata: MetadataGuard;
  /** Undefined until the metadata is there. */
  shape: TorrentShape | undefined;
  /** What each side's handshake says it can do. */
  ours: WireFeatures = { fast: false, extended: false };
  theirs: WireFeatures = { fast: false, extended: false };
  /** Under which ids we take messages of extensions, and under which the peer takes metadata messages. */
  ourExtensionIds: ReadonlyMap<string, number> = new Map();
  theirMetadataId: number | undefined;
  isChoking = true;
  /** What the peer last said: it begins so (BEP 3). */
  theyChoke = true;
  theyAreInterested = false;
  /** What is being sent waits behind blocks. */
  isBehind = false;
  /** Of the library; cancelled ones stay, since the block may be on its way. */
  readonly requested = new BlockLedger(MAX_REMEMBERED_REQUESTS);
  /** Of the peer. */
  readonly queued = new BlockLedger();
  readonly replies: Bytes[] = [];
  /** A block came that the library asked for so long ago. */
  onBlock: (latencyMs: number, lengthBytes: number) => void = () => undefined;
  /** The most that the peer owed at any time. */
  mostRequestedBytes = 0;
  #requestedBytes = 0;
  #switches = 0;
  #switchedAtMs = 0;
  readonly #clock: Clock;

  constructor(limits: WireLimits, clock: Clock) {
    this.metadata = new MetadataGuard(limits.metadataBytes);
    this.#clock = clock;
  }

  /** BEP 6: in force only if both sides set the bit. */
  get hasFast(): boolean {
    return this.ours.fast && this.theirs.fast;
  }

  /** The peer chokes or has interest, or does so no longer. Returns whether it does nothing else: each time the library looks for work anew. */
  switchesTooOften(): boolean {
    const nowMs = this.#clock.now();
    const forgotten = ((nowMs - this.#switchedAtMs) / 1000) * SWITCHES_PER_SECOND;
    this.#switches = Math.max(0, this.#switches - forgotten) + 1;
    this.#switchedAtMs = nowMs;
    return this.#switches > MAX_SWITCHES;
  }

  request(piece: number, offset: number, lengthBytes: number): void {
    this.requested.add(piece, offset, lengthBytes, this.isBehind ? Number.NaN : this.#clock.now());
    this.#requestedBytes += lengthBytes;
    this.mostRequestedBytes = Math.max(this.mostRequestedBytes, this.#requestedBytes);
  }

  /** Returns how long ago the library asked for it, in ms, NaN when that says nothing; undefined when it did not. */
  settle(piece: number, offset: number, lengthBytes: number): number | undefined {
    const askedAtMs = this.requested.take(piece, offset, lengthBytes);
    if (askedAtMs === undefined) return undefined;
    this.#requestedBytes -= lengthBytes;
    return this.#clock.now() - askedAtMs;
  }
}

export interface WireFeatures {
  /** BEP 6 */
  readonly fast: boolean;
  /** BEP 10 */
  readonly extended: boolean;
}

const RESERVED_AT = 20;

/** @param handshake all 68 bytes */
export function readFeatures(handshake: Bytes): WireFeatures {
  const [extensionByte = 0, , fastByte = 0] = handshake.subarray(RESERVED_AT + 5, RESERVED_AT + 8);
  return { fast: (fastByte & 0x04) !== 0, extended: (extensionByte & 0x10) !== 0 };
}
