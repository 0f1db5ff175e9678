import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { RefusalCode } from './refusal';

export type TransportName = 'socket.io' | 'ws' | 'tracker';

export interface Counted {
  readonly swarms: number;
  readonly members: number;
}

/** What Prometheus is told: counts alone, no address and no hash. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #connections: Gauge<'transport'>;
  readonly #messages: Counter<'event'>;
  /** Finding the one of some labels takes longer than to count. */
  readonly #byEvent = new Map<string, Counter.Internal>();
  readonly #refusals: Counter<'code'>;
  readonly #collect: () => void;

  /** @param nodes of the same service, besides this one; undefined for a server that is alone */
  constructor(counted: () => Counted, nodes?: () => number) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#connections = new Gauge({
      name: 'lodestream_connections',
      help: 'Clients that are connected.',
      labelNames: ['transport'],
      registers,
    });
    for (const transport of ['socket.io', 'ws', 'tracker'] as const) this.#connections.set({ transport }, 0);
    this.#messages = new Counter({ name: 'lodestream_messages_total', help: 'Messages obeyed.', labelNames: ['event'], registers });
    this.#refusals = new Counter({ name: 'lodestream_refusals_total', help: 'Messages refused.', labelNames: ['code'], registers });
    const members = new Gauge({ name: 'lodestream_members', help: 'Members of all swarms, those at other nodes included.', registers });
    const swarms = new Gauge({
      name: 'lodestream_swarms',
      help: 'Swarms that have a member.',
      registers,
    });
    const others =
      nodes === undefined
        ? undefined
        : new Gauge({ name: 'lodestream_other_nodes', help: 'Nodes of the same service that are heard through Redis.', registers });
    this.#collect = () => {
      const count = counted();
      swarms.set(count.swarms);
      members.set(count.members);
      if (nodes !== undefined) others?.set(nodes());
    };
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  connected(transport: TransportName): void {
    this.#connections.inc({ transport });
  }

  disconnected(transport: TransportName): void {
    this.#connections.dec({ transport });
  }

  /** @param event one of the names this server knows: a client must not make labels up */
  obeyed(event: 'announce' | 'offer' | 'answer' | 'ice-candidate' | 'leave' | 'auth' | 'scrape'): void {
    let counter = this.#byEvent.get(event);
    if (counter === undefined) this.#byEvent.set(event, (counter = this.#messages.labels(event)));
    counter.inc();
  }

  refused(code: RefusalCode | 'bad-message'): void {
    this.#refusals.inc({ code });
  }

  text(): Promise<string> {
    this.#collect();
    return this.#registry.metrics();
  }
}
