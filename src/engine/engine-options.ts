import type { Clock } from '@/src/base/clock';
import type { Logger } from '@/src/base/logger';
import type { RandomBytes } from '@/src/protocol/ids';
import type { ChunkStore } from '@/src/store/chunk-store';
import type { SharedFiles } from '@/src/store/shared-files';
import type { Negotiation, NegotiationOptions } from '@/src/transport/negotiation';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { WebSeedFetch } from '@/src/transport/web-seed-client';
import type { EngineLimits } from './limits';

/** Everything the engine touches outside itself: the browser, Node and the simulation each bring their own. */
export interface EngineOptions {
  readonly store: ChunkStore;
  /** The `withSharedFiles` that `store` was made by; left out where pages cannot share files. */
  readonly sharedFiles?: SharedFiles;
  createConnection(configuration: RTCConfiguration): RTCPeerConnection;
  /** For native links where they are not RTCPeerConnections. */
  readonly createNegotiation?: (options: NegotiationOptions) => Negotiation;
  /** A negotiation whose offer is made already; undefined where there is none. */
  readonly takeSpareOffer?: (configuration: RTCConfiguration, options: NegotiationOptions) => Negotiation | undefined;
  /**
   * A client that is idle until told to connect, and ends with the signal. @throws when the address is unusable
   * @param token of a server that takes in only those who have one
   */
  createSignaling(url: string, signal: AbortSignal, token?: string): SignalingClient;
  readonly clock: Clock;
  /** 0 up to, not including, 1. */
  random(): number;
  readonly randomBytes: RandomBytes;
  /** SHA-1 of a piece, off the main thread where there is one. */
  sha1(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** SHA-256 of a block of 16 KiB or of an info dictionary, likewise (BEP 52). */
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** For web seeds. Left out where there is no HTTP: no web seed is asked then. */
  readonly fetch?: WebSeedFetch;
  /** Room that is free beside what the store takes, in bytes; left out where nobody can tell. */
  readonly freeBytes?: () => Promise<number | undefined>;
  /** The store takes no more than this, whatever is set: memory. */
  readonly storeLimitBytes?: number;
  /** How many films pages look at, whenever that changes. */
  readonly onFilmCount?: (films: number) => void;
  readonly logger: Logger;
  readonly limits?: Partial<EngineLimits>;
}
