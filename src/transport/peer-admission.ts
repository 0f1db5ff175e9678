import type { Clock } from '@/src/base/clock';
import type { PeerId } from '@/src/protocol/ids';

export interface PeerAdmissionOptions {
  /** The viewer's own id among WebTorrent peers. */
  readonly ownId: PeerId;
  readonly clock: Clock;
  /** Offers that wait at trackers for somebody to answer. */
  readonly maxWaitingOffers?: number;
  /** Connections to peers that are being set up. */
  readonly maxNegotiations?: number;
}

/** One way to a peer: an answer to our offer, or theirs that was answered. */
export interface Introduction {
  readonly offeredBy: 'us' | 'them';
  /** It leads to the peer from now on. */
  handOver(): void;
  close(reason: string): void;
}

/** WebTorrent destroys what it takes for a duplicate at once; both links open for longer means the other side waits as well. */
const DUPLICATE_GRACE_MS = 500;

/**
 * Who may be connected to in one session, whichever tracker introduces them: each peer once, nobody who was banned, and not too many at
 * a time. Shared by all trackers of a session.
 *
 * Offers that cross: WebTorrent keeps the link it heard of first and destroys the other without a word, so neither can be given up
 * before one is open. When both are, and stay so, the smaller peer id's offer stands (SPEC G3).
 */
export class PeerAdmission {
  readonly #ownId: PeerId;
  readonly #clock: Clock;
  readonly #maxWaitingOffers: number;
  readonly #maxNegotiations: number;
  #waitingOffers = 0;
  #negotiations = 0;
  readonly #negotiating = new Map<PeerId, ReadonlySet<Introduction>>();
  readonly #connected = new Map<PeerId, { active: Introduction; spare: Introduction | undefined }>();
  readonly #banned = new Set<string>();

  constructor({ ownId, clock, maxWaitingOffers = 10, maxNegotiations = 10 }: PeerAdmissionOptions) {
    this.#ownId = ownId;
    this.#clock = clock;
    this.#maxWaitingOffers = maxWaitingOffers;
    this.#maxNegotiations = maxNegotiations;
  }

  get negotiations(): number {
    return this.#negotiations;
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

  /** Whether a connection to this peer may be set up; if so, `opened` or `failed` must follow. */
  admit(peerId: PeerId, introduction: Introduction): boolean {
    if (peerId === this.#ownId || this.#banned.has(peerId) || this.#negotiations >= this.#maxNegotiations) return false;
    const others = this.#negotiating.get(peerId) ?? new Set();
    // Whoever answers our offer has no other link to us; whoever offers may just not know of the one that is there.
    if (introduction.offeredBy === 'them' && (others.size > 0 || this.#connected.has(peerId))) return false;
    if ([...others].some(({ offeredBy }) => offeredBy === introduction.offeredBy)) return false;
    this.#negotiating.set(peerId, new Set([...others, introduction]));
    this.#negotiations++;
    return true;
  }

  failed(peerId: PeerId, introduction: Introduction): void {
    const others = this.#negotiating.get(peerId);
    if (others?.has(introduction) !== true) return;
    this.#negotiations--;
    const left = new Set([...others].filter((other) => other !== introduction));
    if (left.size === 0) this.#negotiating.delete(peerId);
    else this.#negotiating.set(peerId, left);
  }

  /** Hands it over now, or later if the one that is open already goes. */
  opened(peerId: PeerId, introduction: Introduction): void {
    this.failed(peerId, introduction);
    const links = this.#connected.get(peerId);
    if (links === undefined) {
      this.#connected.set(peerId, { active: introduction, spare: undefined });
      introduction.handOver();
    } else if (links.spare === undefined) {
      links.spare = introduction;
      this.#clock.after(DUPLICATE_GRACE_MS, () => this.#settle(peerId, introduction));
    } else {
      introduction.close('there are two links to the peer already');
    }
  }

  /** The link closed. */
  left(peerId: PeerId, introduction: Introduction): void {
    const links = this.#connected.get(peerId);
    if (links?.spare === introduction) links.spare = undefined;
    if (links?.active !== introduction) return;
    if (links.spare === undefined) {
      this.#connected.delete(peerId);
    } else {
      links.active = links.spare;
      links.spare = undefined;
      links.active.handOver();
    }
  }

  isConnected(peerId: PeerId): boolean {
    return this.#connected.has(peerId);
  }

  /** For this session: by peer id and by the certificate it connects with, never by address, which a whole network may share. */
  ban(peerId: PeerId, fingerprint: string | undefined): void {
    this.#banned.add(peerId);
    if (fingerprint !== undefined) this.#banned.add(fingerprint);
  }

  isBanned(fingerprint: string | undefined): boolean {
    return fingerprint !== undefined && this.#banned.has(fingerprint);
  }

  #settle(peerId: PeerId, spare: Introduction): void {
    const links = this.#connected.get(peerId);
    if (links?.spare !== spare) return;
    const standing = this.#ownId < peerId ? 'us' : 'them';
    // Closing the active one makes the spare take its place.
    if (spare.offeredBy === standing && links.active.offeredBy !== standing) links.active.close('the other link to the peer stands');
    else spare.close('the other link to the peer stands');
  }
}
