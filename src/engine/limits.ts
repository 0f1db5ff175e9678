import type { ClaimLimits } from '@/src/scheduler/claim-policy';
import { DEFAULT_WEB_SEED_LIMITS, type WebSeedLimits } from './web-seed-limits';

/** What one engine allows itself and others. Each is an option; the defaults follow what the trusted BitTorrent clients allow. */
export interface EngineLimits extends WebSeedLimits {
  /** Linked peers of one session. */
  readonly peersPerSession: number;
  /** Linked peers of all sessions. */
  readonly peers: number;
  /** Connections beside the first that all links have together (SPEC L5). */
  readonly lanes: number;
  /** Negotiations under way in one session (SPEC G4). */
  readonly negotiationsPerSession: number;
  /** A negotiation that led nowhere ends after this, at most 120 s (SPEC G4). */
  readonly negotiationTimeoutMs: number;
  /** A linked peer that has not said hello by then is closed. */
  readonly helloTimeoutMs: number;
  /** Requests of one peer that may wait (SPEC B3). */
  readonly requestQueue: number;
  /** Rejected requests in a row after which a peer is dropped (SPEC B3). */
  readonly rejectsInARow: number;
  /** Frames that change nothing (SPEC L8): so many at once, and so many more each second. */
  readonly idleFrames: number;
  readonly idleFramesPerSecond: number;
  /** Failed pieces a peer may have had a part in (SPEC B6). */
  readonly strikes: number;
  /** Memory for pieces being put together, in one session; two pieces, and two urgent ones more, are always allowed. */
  readonly assemblyBytes: number;
  /** How far ahead of a playhead pieces are urgent. */
  readonly windowBytes: number;
  /** The same while the first picture is waited for, from so long on, and how long it is waited for. */
  readonly startWindowBytes: number;
  readonly startWideBytes: number;
  readonly startWideMs: number;
  readonly startMs: number;
  /** In hybrid mode WebTorrent begins so much later where the native swarm may have somebody: it usually brings the first picture by then. */
  readonly nativeHeadStartMs: number;
  /** An urgent block owed longer than this is asked of a second peer, too. */
  readonly lateAfterMs: number;
  /** When a source is late with a piece that another could fetch. */
  readonly claims: ClaimLimits;
  /** A peer that sends nothing for this long while it owes blocks loses its requests; twice in a row, its link. */
  readonly stalledAfterMs: number;
  /** A peer that neither gave nor took anything for this long makes room for another when there is none. */
  readonly uselessAfterMs: number;
  /** Bytes that wait in a peer's bulk channel before uploading to it pauses. */
  readonly uploadHighWaterBytes: number;
  /** Upload rate of all sessions together; Infinity for none. */
  readonly uploadBytesPerSecond: number;
  /** The same of what is received. */
  readonly downloadBytesPerSecond: number;
  /** How long a session goes on after its last tab closed: a reload finds it as it was. */
  readonly lingerMs: number;
}

export const DEFAULT_LIMITS: EngineLimits = {
  peersPerSession: 50,
  peers: 100,
  lanes: 40,
  negotiationsPerSession: 10,
  negotiationTimeoutMs: 30_000,
  helloTimeoutMs: 20_000,
  requestQueue: 500,
  rejectsInARow: 50,
  idleFrames: 2000,
  idleFramesPerSecond: 100,
  strikes: 5,
  assemblyBytes: 64 * 1024 * 1024,
  windowBytes: 16 * 1024 * 1024,
  startWindowBytes: 256 * 1024,
  startWideBytes: 2 * 1024 * 1024,
  startWideMs: 200,
  startMs: 700,
  nativeHeadStartMs: 600,
  lateAfterMs: 1500,
  claims: { silentAfterMs: 1500, deadAfterMs: 10_000, slowAfterMs: 6000 },
  stalledAfterMs: 10_000,
  uselessAfterMs: 60_000,
  uploadHighWaterBytes: 256 * 1024,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
  downloadBytesPerSecond: Number.POSITIVE_INFINITY,
  lingerMs: 30_000,
  ...DEFAULT_WEB_SEED_LIMITS,
};
