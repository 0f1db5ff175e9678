import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { RefusalCode } from './refusal';

export type TransportName = 'socket.io' | 'ws' | 'tracker';
/** Names this server knows: a client must not make labels up. */
export type CountedEvent = 'announce' | 'offer' | 'answer' | 'ice-candidate' | 'leave' | 'auth' | 'scrape';

export interface Counted {
  readonly swarms: number;
  readonly members: number;
}

/**
 * What the library tells of the event loop's lag, but for the last one. It looks every 10 ms, for which every wait for messages sets a timer in
 * the kernel: that took a sixth of what relaying takes. How busy the loop is says the same and is counted anyway.
 */
const LAG_METRICS = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map((kind) => `nodejs_eventloop_lag_${kind}_seconds`);
const HARDLY_EVER_MS = 3_600_000;

/** What Prometheus is told: counts alone, no address and no hash. Counted in plain numbers, and handed to the library when somebody asks. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #connections = new Map<TransportName, number>([
    ['socket.io', 0],
    ['ws', 0],
    ['tracker', 0],
  ]);
  readonly #obeyed = new Map<CountedEvent, number>();
  readonly #refused = new Map<RefusalCode | 'bad-message', number>();
  readonly #turnedAway = new Map<number, number>();

  /** @param nodes of the same service, besides this one; undefined for a server that is alone */
  constructor(counted: () => Counted, nodes?: () => number) {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: HARDLY_EVER_MS });
    for (const name of LAG_METRICS) this.#registry.removeSingleMetric(name);
    const connections = this.#connections;
    const obeyed = this.#obeyed;
    const refused = this.#refused;
    const turnedAway = this.#turnedAway;
    let utilization = performance.eventLoopUtilization();
    const gauges = [
      new Gauge<string>({
        name: 'lodestream_busy_ratio',
        help: 'Share of the time since this was last asked for in which the event loop had work.',
        registers: [],
        collect() {
          const before = utilization;
          utilization = performance.eventLoopUtilization();
          this.set(performance.eventLoopUtilization(utilization, before).utilization);
        },
      }),
      new Gauge<string>({
        name: 'lodestream_connections',
        help: 'Clients that are connected.',
        labelNames: ['transport'],
        registers: [],
        collect() {
          for (const [transport, count] of connections) this.set({ transport }, count);
        },
      }),
      new Gauge<string>({
        name: 'lodestream_swarms',
        help: 'Swarms that have a member.',
        registers: [],
        collect() {
          this.set(counted().swarms);
        },
      }),
      new Gauge<string>({
        name: 'lodestream_members',
        help: 'Members of all swarms, those at other nodes included.',
        registers: [],
        collect() {
          this.set(counted().members);
        },
      }),
    ];
    const counters = [
      new Counter<string>({
        name: 'lodestream_messages_total',
        help: 'Messages obeyed.',
        labelNames: ['event'],
        registers: [],
        collect() {
          this.reset();
          for (const [event, count] of obeyed) this.inc({ event }, count);
        },
      }),
      new Counter<string>({
        name: 'lodestream_refusals_total',
        help: 'Messages refused.',
        labelNames: ['code'],
        registers: [],
        collect() {
          this.reset();
          for (const [code, count] of refused) this.inc({ code }, count);
        },
      }),
      new Counter<string>({
        name: 'lodestream_connections_refused_total',
        help: 'Connections refused, by HTTP status.',
        labelNames: ['status'],
        registers: [],
        collect() {
          this.reset();
          for (const [status, count] of turnedAway) this.inc({ status }, count);
        },
      }),
    ];
    if (nodes !== undefined) {
      gauges.push(
        new Gauge<string>({
          name: 'lodestream_other_nodes',
          help: 'Nodes of the same service that are heard through Redis.',
          registers: [],
          collect() {
            this.set(nodes());
          },
        }),
      );
    }
    for (const metric of [...gauges, ...counters]) this.#registry.registerMetric(metric);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  connected(transport: TransportName): void {
    this.#connections.set(transport, (this.#connections.get(transport) ?? 0) + 1);
  }

  disconnected(transport: TransportName): void {
    this.#connections.set(transport, (this.#connections.get(transport) ?? 0) - 1);
  }

  obeyed(event: CountedEvent): void {
    this.#obeyed.set(event, (this.#obeyed.get(event) ?? 0) + 1);
  }

  refused(code: RefusalCode | 'bad-message'): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  /** @param status as HTTP has it: 403 another origin, 429 too many of one address, 503 full or going down */
  turnedAway(status: number): void {
    this.#turnedAway.set(status, (this.#turnedAway.get(status) ?? 0) + 1);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
