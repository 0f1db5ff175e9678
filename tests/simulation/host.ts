import type { SimulatedLink } from './simulated-link';
import type { VirtualClock } from './virtual-clock';

export type HostKind = 'seeder' | 'viewer' | 'free-rider' | 'liar';

/** Where a machine is and how it is connected. */
export interface HostFacts {
  readonly kind: HostKind;
  readonly uplinkBytesPerMs: number;
  readonly downlinkBytesPerMs: number;
  /** Network coordinates: one way between two hosts takes their distance in ms, and what each one's own access adds. */
  readonly xMs: number;
  readonly yMs: number;
  readonly accessMs: number;
  /** Behind a NAT that gives each destination another port: two of those find no way to each other. */
  readonly symmetricNat: boolean;
}

/** One machine: its links share its uplink in turns, frame by frame, and its downlink in the order frames arrive. */
export class Host {
  readonly facts: HostFacts;
  readonly links = new Set<SimulatedLink>();
  readonly #clock: VirtualClock;
  /** Links with a frame that may leave. */
  readonly #ready: SimulatedLink[] = [];
  #sending = false;
  #uplinkFreeAtMs = 0;
  #downlinkFreeAtMs = 0;
  /** Nothing comes or goes any more, and nobody was told. */
  #vanished = false;

  constructor(facts: HostFacts, clock: VirtualClock) {
    this.facts = facts;
    this.#clock = clock;
  }

  get hasVanished(): boolean {
    return this.#vanished;
  }

  delayTo(other: Host): number {
    return delayMs(this.facts, other.facts);
  }

  /** The machine sleeps, or lost its network. */
  vanish(): void {
    this.#vanished = true;
    for (const link of this.links) link.loseSilently();
  }

  /** A link has a frame that may leave, and had none before. */
  enqueue(link: SimulatedLink): void {
    this.#ready.push(link);
    if (!this.#sending) this.#sendNext();
  }

  /** A frame too small to wait: goes ahead of others, and takes its share of the uplink. */
  sendSmall(wireBytes: number): void {
    this.#uplinkFreeAtMs = Math.max(this.#uplinkFreeAtMs, this.#clock.now()) + wireBytes / this.facts.uplinkBytesPerMs;
  }

  /** @returns when a frame that arrives now has come in whole */
  receive(wireBytes: number): number {
    this.#downlinkFreeAtMs = Math.max(this.#downlinkFreeAtMs, this.#clock.now()) + wireBytes / this.facts.downlinkBytesPerMs;
    return this.#downlinkFreeAtMs;
  }

  #sendNext(): void {
    const link = this.#ready.shift();
    this.#sending = link !== undefined;
    if (link === undefined) return;
    const wireBytes = link.takeNext();
    this.#uplinkFreeAtMs = Math.max(this.#uplinkFreeAtMs, this.#clock.now()) + wireBytes / this.facts.uplinkBytesPerMs;
    this.#clock.at(this.#uplinkFreeAtMs, () => {
      link.onLeft();
      this.#sendNext();
    });
  }
}

export function delayMs(left: HostFacts, right: HostFacts): number {
  return Math.max(1, Math.hypot(left.xMs - right.xMs, left.yMs - right.yMs) + left.accessMs + right.accessMs);
}
