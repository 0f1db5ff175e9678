import type { PeerId } from '@/src/protocol/ids';

export interface PeerAdmissionOptions {
  /** The viewer's own id among WebTorrent peers. */
  readonly ownId: PeerId;
  /** Offers that wait at trackers for somebody to answer. */
  readonly maxWaitingOffers?: number;
  /** Peers a connection is being set up with. */
  readonly maxNegotiations?: number;
}

/** What becomes of a peer that an introduction leads to. */
export interface Introduction {
  /** Whose offer the connection would come from. */
  readonly offeredBy: 'us' | 'them';
  /** Another introduction to the same peer took its place. */
  onSuperseded(): void;
}

/**
 * Who may be connected to in one session, whichever tracker introduces them: each peer once, nobody who was banned, and not too many at
 * a time. Shared by all trackers of a session.
 */
export class PeerAdmission {
  readonly #ownId: PeerId;
  readonly #maxWaitingOffers: number;
  readonly #maxNegotiations: number;
  #waitingOffers = 0;
  readonly #negotiating = new Map<PeerId, Introduction>();
  readonly #connected = new Set<PeerId>();
  readonly #banned = new Set<string>();

  constructor({ ownId, maxWaitingOffers = 10, maxNegotiations = 10 }: PeerAdmissionOptions) {
    this.#ownId = ownId;
    this.#maxWaitingOffers = maxWaitingOffers;
    this.#maxNegotiations = maxNegotiations;
  }

  get negotiations(): number {
    return this.#negotiating.size;
  }

  get waitingOffers(): number {
    return this.#waitingOffers;
  }

  /** Takes places for offers: at most half of those left, so that the first of several trackers leaves some for the next. */
  takeOffers(wanted: number): number {
    const left = this.#maxWaitingOffers - this.#waitingOffers;
    const taken = Math.max(0, Math.min(wanted, Math.ceil(left / 2)));
    this.#waitingOffers += taken;
    return taken;
  }

  /** An offer was answered, withdrawn or ran out. */
  returnOffer(): void {
    this.#waitingOffers--;
  }

  /** Whether a connection to this peer may be set up. Of two offers that cross between a pair, the smaller peer id's stands (SPEC G3). */
  admit(peerId: PeerId, introduction: Introduction): boolean {
    if (peerId === this.#ownId || this.#banned.has(peerId) || this.#connected.has(peerId)) return false;
    const earlier = this.#negotiating.get(peerId);
    if (earlier !== undefined) {
      const offererThatStands = this.#ownId < peerId ? 'us' : 'them';
      if (earlier.offeredBy === introduction.offeredBy || introduction.offeredBy !== offererThatStands) return false;
      this.#negotiating.set(peerId, introduction);
      earlier.onSuperseded();
      return true;
    }
    if (this.#negotiating.size >= this.#maxNegotiations) return false;
    this.#negotiating.set(peerId, introduction);
    return true;
  }

  /** Returns false when another connection to the peer was faster. */
  connected(peerId: PeerId, introduction: Introduction): boolean {
    this.failed(peerId, introduction);
    if (this.#connected.has(peerId)) return false;
    this.#connected.add(peerId);
    return true;
  }

  failed(peerId: PeerId, introduction: Introduction): void {
    if (this.#negotiating.get(peerId) === introduction) this.#negotiating.delete(peerId);
  }

  left(peerId: PeerId): void {
    this.#connected.delete(peerId);
  }

  /** For this session: by peer id and by the certificate it connects with, never by address, which a whole network may share. */
  ban(peerId: PeerId, fingerprint: string | undefined): void {
    this.#banned.add(peerId);
    if (fingerprint !== undefined) this.#banned.add(fingerprint);
  }

  isBanned(fingerprint: string | undefined): boolean {
    return fingerprint !== undefined && this.#banned.has(fingerprint);
  }
}
