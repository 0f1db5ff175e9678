import type { Pace } from '@/src/base/pace';
import type { SourceSnapshot, WebSeedSnapshot } from '@/src/protocol/engine-api';
import { isFolderTorrent } from '@/src/protocol/web-seed-spans';
import type { PlaybackPlan } from '@/src/scheduler/playback-window';
import type { WebSeedFetch } from '@/src/transport/web-seed-client';
import type { EngineOptions } from './engine-options';
import type { EngineLimits } from './limits';
import type { PiecePlanner, Source } from './planner';
import { SourceRecord } from './source-record';
import { WebSeed, type Rivals } from './web-seed';
import { WebSeedRequest, type WebSeedOutcome } from './web-seed-request';

export interface WebSeedSourceOptions {
  readonly engine: Pick<EngineOptions, 'clock' | 'random' | 'sha1' | 'logger'> & { readonly fetch: WebSeedFetch };
  readonly limits: EngineLimits;
  readonly planner: PiecePlanner;
  /** From the magnet's `ws=` and the torrent's `url-list`: strangers wrote them. */
  readonly urls: readonly string[];
  /** Hosts (with port, as in `URL.host`) the viewer typed or allowed: these may be private addresses. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Ends the source for good. */
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** The state of a seed, or of the source, is another one now. */
  onChange(): void;
  onTraffic(kind: 'downloaded' | 'wasted', bytes: number): void;
}

export interface WebSeedSource extends Source {
  /** The viewer allowed this seed's host: tried again at once. An address not known yet is added. */
  allow(url: string): void;
  webSeeds(): readonly WebSeedSnapshot[];
  snapshot(nowMs: number): SourceSnapshot;
}

const MAX_SEEDS = 100;
/** Pieces that others let go of are noticed this late. */
const LOOK_AGAIN_MS = 1000;
/** A seed that sends nothing for this long while the film waits loses the request, if another seed could have it. */
const LATE_SHARE_OF_STALL = 0.3;
/** Pieces of a request that come soon enough for a viewer who has jumped. */
const SOON_PIECES = 2;
/** Another source that delivered this lately can be relied on. */
const OTHER_SOURCE_FEEDS_MS = 5000;

export function createWebSeedSource(options: WebSeedSourceOptions): WebSeedSource {
  return new HttpWebSeedSource(options);
}

/** All web seeds of one torrent (BEP 19): which of them is asked for which pieces. */
class HttpWebSeedSource implements WebSeedSource {
  readonly name = 'web-seed';
  readonly #options: WebSeedSourceOptions;
  readonly #record: SourceRecord;
  readonly #allowed: Set<string>;
  readonly #seeds: WebSeed[];
  readonly #inFlight = new Set<number>();
  readonly #isFolder: boolean;
  #running: AbortController | undefined;
  #cancelLook: (() => void) | undefined;
  #urgent: ReadonlySet<number> = new Set();
  /** When another source last delivered a piece. */
  #otherSourceAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: WebSeedSourceOptions) {
    const { engine, planner, signal, urls } = options;
    this.#options = options;
    this.#record = new SourceRecord(this.name, engine.clock);
    this.#allowed = new Set(options.allowedHosts);
    this.#isFolder = isFolderTorrent(planner.info);
    this.#seeds = [...new Set(urls)].slice(0, MAX_SEEDS).map((url) => this.#newSeed(url));
    planner.onTaken(this.name, (piece) => this.#onTaken(piece), signal);
    planner.onPlan(() => this.#onPlan(), signal);
    planner.onVerified((_piece, from) => {
      if (from !== this.name) this.#otherSourceAtMs = engine.clock.now();
    }, signal);
    signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  start(): void {
    if (this.#running !== undefined || this.#options.signal.aborted) return;
    this.#running = new AbortController();
    this.#urgent = new Set(this.#options.planner.plan.urgent);
    this.#record.mark('started');
    this.#pump();
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    for (const piece of this.#inFlight) this.#options.planner.release(this.name, piece);
    this.#inFlight.clear();
    for (const seed of this.#seeds) seed.requests.clear();
  }

  allow(url: string): void {
    const host = URL.parse(url)?.host;
    if (host === undefined) return;
    this.#allowed.add(host);
    const isKnown = this.#seeds.some((seed) => seed.url === url);
    if (!isKnown && this.#seeds.length < MAX_SEEDS) this.#seeds.push(this.#newSeed(url));
    for (const seed of this.#seeds) if (URL.parse(seed.url)?.host === host) seed.pardon();
    this.#options.onChange();
    this.#pump();
  }

  webSeeds(): readonly WebSeedSnapshot[] {
    return this.#seeds.map((seed) => seed.snapshot());
  }

  snapshot(nowMs: number): SourceSnapshot {
    const isRunning = this.#running !== undefined;
    return this.#record.snapshot(nowMs, isRunning, isRunning ? this.#seeds.filter(({ isConnected }) => isConnected).length : 0);
  }

  #newSeed(url: string): WebSeed {
    const { engine, limits, planner } = this.#options;
    return new WebSeed({
      url,
      info: planner.info,
      limits,
      isAllowed: (host) => this.#allowed.has(host),
      random: () => engine.random(),
    });
  }

  #pump(): void {
    const running = this.#running;
    const { limits, planner, engine } = this.#options;
    if (running === undefined || planner.verified.isFull) return;
    const nowMs = engine.clock.now();
    const seeds = chooseSeeds(
      this.#seeds.filter((seed) => seed.isUsable(nowMs)),
      limits.webSeedsAtOnce,
    );
    // One request for each first, the second ones after that: the fastest must not take all there is.
    for (let depth = 0; depth < limits.webSeedRequestsAtOnce; depth++) {
      for (const seed of seeds) {
        if (seed.requests.size > depth || (seed.isSlow && seed.requests.size > 0) || this.#requestCount() >= this.#maxRequests()) continue;
        const pieces = this.#claimRun(seed);
        if (pieces.length > 0) void this.#fetch(seed, pieces, running.signal);
      }
    }
    this.#lookAgain();
  }

  /** Rests end, and other sources let go of pieces, without a word. */
  #lookAgain(): void {
    if (this.#cancelLook !== undefined || this.#seeds.every(({ isGivenUp }) => isGivenUp)) return;
    this.#cancelLook = this.#options.engine.clock.after(LOOK_AGAIN_MS, () => {
      this.#cancelLook = undefined;
      this.#pump();
    });
  }

  /** Neighbouring pieces, since one request can fetch them all, from the most urgent one on. */
  #claimRun(seed: WebSeed): number[] {
    const { planner } = this.#options;
    const skipsUrgent = seed.isSlow && this.#rivals(seed).areThere;
    const fits = (piece: number): boolean =>
      !this.#inFlight.has(piece) && seed.canDeliver(piece) && !(skipsUrgent && this.#urgent.has(piece));
    const [first] = planner.claim(this.name, fits, 1);
    if (first === undefined) return [];
    const pieces = [first];
    const count = seed.runPieces();
    for (let piece = first + 1; pieces.length < count && piece < planner.info.pieceCount; piece++) {
      const isWanted = this.#urgent.has(piece) || includesPiece(planner.plan, piece);
      if (!isWanted || planner.verified.has(piece) || !fits(piece) || !planner.tryClaim(this.name, piece)) break;
      pieces.push(piece);
    }
    for (const piece of pieces) this.#inFlight.add(piece);
    return pieces;
  }

  async #fetch(seed: WebSeed, pieces: readonly number[], signal: AbortSignal): Promise<void> {
    const { engine, limits, pace, planner } = this.#options;
    const request: WebSeedRequest = new WebSeedRequest({
      engine,
      limits,
      planner,
      url: seed.url,
      isFolder: this.#isFolder,
      pieces,
      signal,
      pace,
      stalledAfterMs: () => this.#stalledAfterMs(seed, request),
      onBytes: (bytes) => this.#onBytes(seed, bytes),
      onWasted: (bytes, isCorrupt) => this.#onWasted(seed, bytes, isCorrupt),
      onPiece: () => {
        this.#record.mark('first-piece');
        this.#observe(seed, () => seed.onPiece());
      },
      onBadPiece: (piece) => this.#observe(seed, () => seed.onBadPiece(piece)),
    });
    this.#observe(seed, () => seed.requests.add(request));
    const outcome = await request.run();
    const connections = Math.max(1, seed.requests.size);
    if (signal.aborted) return;
    for (const piece of pieces) this.#inFlight.delete(piece);
    for (const piece of request.left) planner.release(this.name, piece);
    this.#observe(seed, () => {
      seed.requests.delete(request);
      this.#judge(seed, request, outcome, connections);
    });
    this.#pump();
  }

  #judge(seed: WebSeed, request: WebSeedRequest, outcome: WebSeedOutcome, connections: number): void {
    const nowMs = this.#options.engine.clock.now();
    switch (outcome.kind) {
      case 'done':
      case 'stopped':
        return seed.onMeasured(request.receivedBytes * connections, request.networkMs, this.#rivals(seed), nowMs);
      case 'stalled':
        return seed.onStalled(nowMs);
      case 'failed':
        return seed.onError(outcome.error, outcome.file, nowMs);
    }
  }

  #rivals(seed: WebSeed): Rivals {
    const nowMs = this.#options.engine.clock.now();
    const others = this.#seeds.filter((other) => other !== seed && !other.isSlow && other.isUsable(nowMs));
    return {
      areThere: others.length > 0 || nowMs - this.#otherSourceAtMs < OTHER_SOURCE_FEEDS_MS,
      fastestBytesPerSecond: Math.max(0, ...others.map(({ bytesPerSecond }) => bytesPerSecond ?? 0)),
    };
  }

  #stalledAfterMs(seed: WebSeed, request: WebSeedRequest): number {
    const isUrgent = [...request.left].some((piece) => this.#urgent.has(piece));
    return this.#options.limits.webSeedStalledAfterMs * (isUrgent && this.#rivals(seed).areThere ? LATE_SHARE_OF_STALL : 1);
  }

  #onBytes(seed: WebSeed, bytes: number): void {
    const nowMs = this.#options.engine.clock.now();
    this.#record.mark('peer');
    this.#record.traffic.downloaded(bytes, nowMs);
    seed.traffic.downloaded(bytes, nowMs);
    this.#options.onTraffic('downloaded', bytes);
  }

  #onWasted(seed: WebSeed, bytes: number, isCorrupt = false): void {
    if (bytes === 0) return;
    this.#record.traffic.wasted(bytes, isCorrupt);
    seed.traffic.wasted(bytes, isCorrupt);
    this.#options.onTraffic('wasted', bytes);
  }

  #observe(seed: WebSeed, change: () => void): void {
    const before = seed.snapshot().state;
    change();
    if (seed.snapshot().state !== before) this.#options.onChange();
  }

  #onTaken(piece: number): void {
    for (const seed of this.#seeds) for (const request of seed.requests) request.take(piece);
  }

  /** After a seek requests give way to what playback waits for now, unless it comes next anyway; otherwise the playhead just went on. */
  #onPlan(): void {
    const { plan, verified } = this.#options.planner;
    const head = plan.urgent.find((piece) => !verified.has(piece));
    const hasJumped = head !== undefined && !this.#urgent.has(head);
    this.#urgent = new Set(plan.urgent);
    const requests = this.#seeds.flatMap((seed) => [...seed.requests]);
    if (hasJumped && !requests.some(({ left }) => [...left].slice(0, SOON_PIECES).includes(head))) {
      for (const request of requests) request.stopSoon();
    }
    this.#pump();
  }

  #requestCount(): number {
    return this.#seeds.reduce((total, { requests }) => total + requests.size, 0);
  }

  /** Each holds one piece in memory. */
  #maxRequests(): number {
    const { limits, planner } = this.#options;
    return Math.max(1, Math.floor(limits.assemblyBytes / planner.info.pieceLengthBytes));
  }
}

/** The fastest, but always one that was not tried yet; slow ones last. */
function chooseSeeds(usable: readonly WebSeed[], count: number): WebSeed[] {
  const slow = usable.filter(({ isSlow }) => isSlow);
  const untried = usable.filter(({ isSlow, bytesPerSecond }) => !isSlow && bytesPerSecond === undefined);
  const good = usable.filter(({ isSlow, bytesPerSecond }) => !isSlow && bytesPerSecond !== undefined);
  const best = good.sort((left, right) => rate(right) - rate(left)).slice(0, untried.length > 0 ? Math.max(1, count - 1) : count);
  return [...best, ...untried, ...slow].slice(0, count);
}

function rate({ bytesPerSecond }: WebSeed): number {
  return bytesPerSecond ?? 0;
}

function includesPiece({ wanted }: PlaybackPlan, piece: number): boolean {
  return wanted.some(({ first, last }) => first <= piece && piece <= last);
}
