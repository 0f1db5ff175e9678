import type { OfferId } from '@/src/protocol/ids';

/** More than any client may have pending (SPEC G4); the oldest goes first. */
const MAX_OPEN_OFFERS = 64;

interface OpenOffer<Receiver> {
  readonly receiver: Receiver;
  readonly endsAtMs: number;
  answered: boolean;
}

/** The offers one member made: each lets one other member answer once, and both send candidates, until it ends. */
export class OpenOffers<Receiver> {
  readonly #lifetimeMs: number;
  /** In the order they end, since all live equally long. Undefined for most members: thousands only wait. */
  #offers: Map<OfferId, OpenOffer<Receiver>> | undefined;

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  open(offerId: OfferId, receiver: Receiver, nowMs: number): void {
    const offers = (this.#offers ??= new Map());
    offers.delete(offerId);
    offers.set(offerId, { receiver, endsAtMs: nowMs + this.#lifetimeMs, answered: false });
    for (const [oldest, offer] of offers) {
      if (offer.endsAtMs > nowMs && offers.size <= MAX_OPEN_OFFERS) break;
      offers.delete(oldest);
    }
  }

  isOpen(offerId: OfferId, receiver: Receiver, nowMs: number): boolean {
    return this.#find(offerId, receiver, nowMs) !== undefined;
  }

  /** Returns whether this is the first answer of the one who may give it. */
  answer(offerId: OfferId, receiver: Receiver, nowMs: number): boolean {
    const offer = this.#find(offerId, receiver, nowMs);
    if (offer === undefined || offer.answered) return false;
    offer.answered = true;
    return true;
  }

  clear(): void {
    this.#offers = undefined;
  }

  #find(offerId: OfferId, receiver: Receiver, nowMs: number): OpenOffer<Receiver> | undefined {
    const offer = this.#offers?.get(offerId);
    return offer !== undefined && offer.receiver === receiver && offer.endsAtMs > nowMs ? offer : undefined;
  }
}
