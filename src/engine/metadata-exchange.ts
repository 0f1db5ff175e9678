import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { InfoHash } from '@/src/protocol/ids';
import { METADATA_PART_BYTES } from '@/src/protocol/peer-messages';
import { isInfoOf } from './info-hash-check';
import type { EngineOptions } from './engine-options';
import type { MetadataMessage, Peer } from './peer';

/** Parts asked of one peer at once. */
const WINDOW_PARTS = 16;
/** Dictionaries of up to 10 MiB being put together side by side. */
export const MAX_FETCHES = 2;
/** Time for each window of parts (at 50 KiB/s); whoever takes longer is covered by another peer. */
const STALLED_AFTER_MS = 5000;
/** A peer that asks for the whole dictionary more often than this is not after the dictionary. */
const MAX_SERVINGS = 3;

interface Fetch {
  readonly bytes: Bytes;
  readonly parts: number;
  readonly received: Set<number>;
  stalled: boolean;
  cancelTimer: () => void;
}

export interface MetadataExchangeOptions {
  readonly infoHash: InfoHash;
  readonly clock: Clock;
  readonly engine: Pick<EngineOptions, 'sha1' | 'sha256'>;
  /** The dictionary, verified against the info hash. */
  onVerified(infoBytes: Bytes): void;
}

/** Gets the info dictionary from peers that know it (SPEC M1, M2) and serves it to those that do not. Each peer's copy stands alone. */
export class MetadataExchange {
  readonly #options: MetadataExchangeOptions;
  readonly #fetches = new Map<Peer, Fetch>();
  /** Peers to ask, in order. */
  readonly #candidates = new Set<Peer>();
  /** Parts each peer was asked for and has not answered, also from a fetch that has ended since. */
  readonly #owed = new Map<Peer, Set<number>>();
  #infoBytes: Bytes | undefined;

  constructor(options: MetadataExchangeOptions) {
    this.#options = options;
  }

  /** The dictionary is known (from the store, or just verified): no more fetching. */
  settle(infoBytes: Bytes): void {
    this.#infoBytes = infoBytes;
    for (const peer of this.#fetches.keys()) this.#end(peer);
    this.#candidates.clear();
  }

  addPeer(peer: Peer): void {
    if (this.#infoBytes !== undefined || !peer.knowsMetadata || this.#fetches.has(peer)) return;
    this.#candidates.add(peer);
    this.#startNext();
  }

  /** SPEC N2: all of the dictionary, unasked. */
  push(peer: Peer): void {
    const infoBytes = this.#infoBytes;
    for (let part = 0; infoBytes !== undefined && part * METADATA_PART_BYTES < infoBytes.length; part++) {
      peer.pushedParts.add(part);
      this.#sendPart(peer, infoBytes, part);
    }
  }

  removePeer(peer: Peer): void {
    this.#candidates.delete(peer);
    this.#owed.delete(peer);
    this.#end(peer);
    this.#startNext();
  }

  receive(peer: Peer, message: MetadataMessage): void {
    if (message.type === 'metadata-request') return this.#serve(peer, message.part);
    if (this.#owed.get(peer)?.delete(message.part) !== true) {
      // SPEC N2: it was faster than our asking for it, which goes elsewhere.
      if (message.type === 'metadata-data' && peer.inbox?.takePart(message.payload.length) === true) return;
      return peer.drop('M1: a part nobody asked for');
    }
    if (message.type === 'metadata-data') return this.#receivePart(peer, message.part, message.payload);
    this.#end(peer);
    this.#startNext();
  }

  #startNext(): void {
    for (const peer of this.#candidates) {
      if (this.#infoBytes !== undefined || [...this.#fetches.values()].some(({ stalled }) => !stalled)) return;
      this.#candidates.delete(peer);
      const [oldest] = this.#fetches.keys();
      if (oldest !== undefined && this.#fetches.size >= MAX_FETCHES) {
        this.#end(oldest);
        this.#candidates.add(oldest);
      }
      this.#start(peer);
    }
  }

  #start(peer: Peer): void {
    const fetch: Fetch = {
      bytes: new Uint8Array(peer.metadataBytes),
      parts: Math.ceil(peer.metadataBytes / METADATA_PART_BYTES),
      received: new Set(),
      stalled: false,
      cancelTimer: () => undefined,
    };
    this.#fetches.set(peer, fetch);
    this.#watch(fetch);
    this.#ask(peer, fetch);
  }

  #watch(fetch: Fetch): void {
    fetch.cancelTimer();
    fetch.stalled = false;
    fetch.cancelTimer = this.#options.clock.after(STALLED_AFTER_MS, () => {
      fetch.stalled = true;
      this.#startNext();
    });
  }

  #ask(peer: Peer, fetch: Fetch): void {
    const owed = this.#owed.get(peer) ?? new Set();
    this.#owed.set(peer, owed);
    for (let part = 0; part < fetch.parts && owed.size < WINDOW_PARTS; part++) {
      if (fetch.received.has(part) || owed.has(part)) continue;
      owed.add(part);
      peer.send({ type: 'metadata-request', part });
    }
  }

  #receivePart(peer: Peer, part: number, payload: Bytes): void {
    const offset = part * METADATA_PART_BYTES;
    if (payload.length !== Math.min(METADATA_PART_BYTES, peer.metadataBytes - offset)) return peer.drop('M1: a part of the wrong length');
    const fetch = this.#fetches.get(peer);
    // Another peer was quicker.
    if (fetch === undefined) return;
    fetch.bytes.set(payload, offset);
    fetch.received.add(part);
    if (fetch.received.size % WINDOW_PARTS === 0) this.#watch(fetch);
    if (fetch.received.size < fetch.parts) this.#ask(peer, fetch);
    else void this.#verify(peer, fetch.bytes);
  }

  async #verify(peer: Peer, infoBytes: Bytes): Promise<void> {
    const verified = await isInfoOf(this.#options.infoHash, infoBytes, this.#options.engine);
    if (this.#infoBytes !== undefined || peer.isGone) return;
    if (!verified) return peer.drop('M2: metadata that does not verify');
    this.settle(infoBytes);
    this.#options.onVerified(infoBytes);
  }

  #serve(peer: Peer, part: number): void {
    const infoBytes = this.#infoBytes;
    const offset = part * METADATA_PART_BYTES;
    if (infoBytes === undefined || offset >= infoBytes.length) {
      peer.send({ type: 'metadata-reject', part });
      return peer.idle();
    }
    // SPEC N2: the request has crossed what was sent unasked.
    if (peer.pushedParts.delete(part)) return;
    if (++peer.metadataPartsServed > MAX_SERVINGS * Math.ceil(infoBytes.length / METADATA_PART_BYTES)) {
      return peer.drop('M1: asks for the metadata over and over');
    }
    this.#sendPart(peer, infoBytes, part);
  }

  #sendPart(peer: Peer, infoBytes: Bytes, part: number): void {
    const offset = part * METADATA_PART_BYTES;
    peer.send({ type: 'metadata-data', part, payload: infoBytes.subarray(offset, offset + METADATA_PART_BYTES) });
  }

  #end(peer: Peer): void {
    this.#fetches.get(peer)?.cancelTimer();
    this.#fetches.delete(peer);
  }
}
