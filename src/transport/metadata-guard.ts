import type { Bytes } from '@/src/base/bytes';
import { readBencode } from '@/src/protocol/bencode';
import { WireOffence } from './wire-framing';

/*
 * The metadata exchange (BEP 9) between a peer and the library, which believes any index and any length: one beyond the metadata throws
 * out of it.
 */

const PIECE_BYTES = 16 * 1024;
/** Three short keys and their numbers take 60 bytes at most. */
const MAX_DICTIONARY_BYTES = 100;
const KEYS = ['msg_type', 'piece', 'total_size'];
/** Each piece may be asked for again a few times when the whole did not verify. */
const REQUESTS_PER_PIECE = 4;

interface MetadataMessage {
  readonly type: number;
  readonly piece: number;
  readonly totalBytes: number | undefined;
  readonly trailerBytes: number;
}

export class MetadataGuard {
  readonly #maxPieces: number;
  readonly #maxBytes: number;
  /** Pieces the library asked this peer for. */
  readonly #requested = new Map<number, number>();
  /** Of these, those that have not come since they were last asked for. */
  readonly #missing = new Set<number>();
  #peerBytes: number | undefined;
  #requestsOfPeer = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#maxPieces = Math.ceil(maxBytes / PIECE_BYTES);
  }

  /** The peer says how much metadata it has. @throws {WireOffence} when it said otherwise before: the library would write into too small an array */
  announced(bytes: number | undefined): void {
    if (bytes === undefined || bytes < 1 || bytes > this.#maxBytes) return;
    if (this.#peerBytes !== undefined && this.#peerBytes !== bytes) throw new WireOffence('the peer changed the size of the metadata');
    this.#peerBytes = bytes;
  }

  /** The library sends this message. */
  sending(payload: Bytes): void {
    const message = readMessage(payload);
    if (message?.type !== 0) return;
    this.#requested.set(message.piece, (this.#requested.get(message.piece) ?? 0) + 1);
    this.#missing.add(message.piece);
  }

  /** @throws {WireOffence} */
  received(payload: Bytes): 'forward' | 'skip' {
    const message = readMessage(payload);
    if (message === undefined) throw new WireOffence('a malformed metadata message');
    switch (message.type) {
      case 0:
        return this.#onRequest(message);
      case 1:
        return this.#onData(message);
      case 2:
        return this.#take(message.piece) ? 'forward' : 'skip';
      default:
        // BEP 9: to be ignored.
        return 'skip';
    }
  }

  #onRequest({ piece }: MetadataMessage): 'forward' {
    if (piece >= this.#maxPieces) throw new WireOffence('a request for metadata beyond its end');
    if (++this.#requestsOfPeer > this.#maxPieces * REQUESTS_PER_PIECE) throw new WireOffence('endless requests for metadata');
    return 'forward';
  }

  #onData({ piece, totalBytes, trailerBytes }: MetadataMessage): 'forward' | 'skip' {
    const peerBytes = this.#peerBytes;
    if (peerBytes === undefined || !this.#take(piece)) throw new WireOffence('metadata nobody asked for');
    const expectedBytes = Math.min(PIECE_BYTES, peerBytes - piece * PIECE_BYTES);
    if (trailerBytes !== expectedBytes || (totalBytes !== undefined && totalBytes !== peerBytes)) {
      throw new WireOffence('metadata of another length than announced');
    }
    // Greeted twice, the library asks twice, and two copies at once would each make it start the torrent.
    return this.#missing.delete(piece) ? 'forward' : 'skip';
  }

  #take(piece: number): boolean {
    const count = this.#requested.get(piece);
    if (count === undefined) return false;
    if (count === 1) this.#requested.delete(piece);
    else this.#requested.set(piece, count - 1);
    return true;
  }
}

/**
 * Reads the dictionary up to the first `ee`, where the library takes it to end. With integers only, under these three keys, that is where
 * it does end, so that both read the same.
 */
function readMessage(payload: Bytes): MetadataMessage | undefined {
  const endBytes = endOfDictionary(payload);
  if (endBytes === undefined) return undefined;
  const read = readBencode(payload.subarray(0, endBytes), { maxDepth: 1, maxTokens: 10 });
  if (!read.ok || !(read.value instanceof Map)) return undefined;
  const entries = [...read.value];
  if (!entries.every(([key, value]) => KEYS.includes(key) && typeof value === 'number' && value >= 0)) return undefined;
  const [type, piece, totalBytes] = KEYS.map((key) => entries.find(([name]) => name === key)?.[1]);
  if (typeof type !== 'number' || typeof piece !== 'number') return undefined;
  return { type, piece, totalBytes: typeof totalBytes === 'number' ? totalBytes : undefined, trailerBytes: payload.length - endBytes };
}

function endOfDictionary(payload: Bytes): number | undefined {
  const letterE = 0x65;
  for (let at = 1; at < payload.length && at < MAX_DICTIONARY_BYTES; at++) {
    if (payload[at] === letterE && payload[at - 1] === letterE) return at + 1;
  }
  return undefined;
}
