import type { Clock } from '@/src/base/clock';
import type { SourceName, SourceSnapshot } from '@/src/protocol/engine-api';
import { Traffic } from './traffic';

type SourceEvent = keyof SourceSnapshot['timeline'];

/** What one source did in one session: its moments, each noted once, and its bytes. */
export class SourceRecord {
  readonly traffic = new Traffic();
  readonly #name: SourceName;
  readonly #clock: Clock;
  readonly #timeline: Partial<Record<SourceEvent, number>> = {};

  constructor(name: SourceName, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  mark(event: SourceEvent): void {
    this.#timeline[event] ??= this.#clock.now();
  }

  snapshot(nowMs: number, running: boolean, peers: number): SourceSnapshot {
    return {
      name: this.#name,
      state: !running ? 'off' : peers > 0 ? 'connected' : 'searching',
      peers,
      timeline: { ...this.#timeline },
      rates: this.traffic.rates(nowMs),
      totals: this.traffic.totals(),
    };
  }
}
