import type { Negotiation, NegotiationOptions } from '@/src/transport/negotiation';
import type { Host } from './host';
import { SimulatedLink, type LinkMedium } from './simulated-link';

/** As WebRTC has it here: addresses of the machine's own almost at once, those that a STUN server tells a round trip later. */
const OWN_CANDIDATES_MS = 5;
const STUN_CANDIDATES_MS = 60;
/** Connectivity check, DTLS 1.2 (two round trips), SCTP (two): all that stands between candidates and open channels. */
const ROUND_TRIPS_TO_OPEN = 5;

/** How links come about here: as two RTCPeerConnections would, with the same messages and the same waits. */
export class SimulatedRendezvous {
  readonly #medium: LinkMedium;
  readonly #offers = new Map<string, SimulatedNegotiation>();
  #made = 0;

  constructor(medium: LinkMedium) {
    this.#medium = medium;
  }

  open(host: Host, options: NegotiationOptions): Negotiation {
    return new SimulatedNegotiation({ ...options, medium: this.#medium, host, offers: this.#offers, name: `offer ${++this.#made}` });
  }
}

interface SimulatedNegotiationOptions extends NegotiationOptions {
  readonly medium: LinkMedium;
  readonly host: Host;
  /** Pending offers by their text. */
  readonly offers: Map<string, SimulatedNegotiation>;
  readonly name: string;
}

class SimulatedNegotiation implements Negotiation {
  readonly #options: SimulatedNegotiationOptions;
  #outcome: 'pending' | 'linked' | 'failed' = 'pending';
  #other: SimulatedNegotiation | undefined;
  #isAnswered = false;
  #mayReach = false;

  constructor(options: SimulatedNegotiationOptions) {
    this.#options = options;
  }

  get isPending(): boolean {
    return this.#outcome === 'pending';
  }

  async createOffer(): Promise<string> {
    const { offers, name } = this.#options;
    offers.set(name, this);
    return name;
  }

  async startGathering(): Promise<void> {}

  async acceptOffer(description: string): Promise<string> {
    const offerer = this.#options.offers.get(description);
    if (offerer === undefined) throw new Error('nobody waits for an answer to this offer');
    this.#options.offers.delete(description);
    this.#other = offerer;
    offerer.#other = this;
    return `answer to ${description}`;
  }

  async acceptAnswer(): Promise<void> {
    this.#isAnswered = true;
    this.tryToOpen();
  }

  sendCandidates(): void {
    for (const [delayMs, batch] of [
      [OWN_CANDIDATES_MS, 'host'],
      [STUN_CANDIDATES_MS, 'srflx'],
    ] as const) {
      this.#options.clock.after(delayMs, () => {
        if (this.isPending) this.#options.onCandidates(batch);
      });
    }
  }

  async acceptCandidates(batch: string): Promise<void> {
    if (batch === 'srflx') this.#mayReach = true;
    this.tryToOpen();
    this.#other?.tryToOpen();
  }

  fail(reason: string): void {
    if (this.#outcome !== 'pending') return;
    this.#outcome = 'failed';
    this.#options.offers.delete(this.#options.name);
    this.#options.onFailed(reason);
  }

  /** The offerer's part: it is the one that knows when both have what they need. */
  tryToOpen(): void {
    const other = this.#other;
    if (!this.#isAnswered || other === undefined || !this.#mayReach || !other.#mayReach) return;
    this.#isAnswered = false;
    const { medium, host } = this.#options;
    const theirs = other.#options.host;
    // Two of these never find each other; both wait until they give up.
    if (host.facts.symmetricNat && theirs.facts.symmetricNat) return;
    const { clock } = medium;
    clock.at(clock.now() + 2 * ROUND_TRIPS_TO_OPEN * host.delayTo(theirs), () => {
      if (!this.isPending || !other.isPending || host.hasVanished || theirs.hasVanished) return;
      const [own, far] = SimulatedLink.pair(medium, host, theirs);
      other.#hand(far);
      clock.at(clock.now(), () => this.#hand(own));
    });
  }

  #hand(link: SimulatedLink): void {
    if (!this.isPending) return link.close('nobody waits for it any more');
    this.#outcome = 'linked';
    this.#options.onLink(link);
  }
}
