import type { SourceSnapshot, WebSeedSnapshot } from '@/src/protocol/engine-api';
import type { WebSeedFetch } from '@/src/transport/web-seed-client';
import type { EngineOptions } from './engine-options';
import type { EngineLimits } from './limits';
import type { PiecePlanner, Source } from './planner';

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

export type CreateWebSeedSource = (options: WebSeedSourceOptions) => WebSeedSource;
