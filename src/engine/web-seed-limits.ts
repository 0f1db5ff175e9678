/** What web seeds may take and how long they are waited for. Each is an option; see EngineLimits. */
export interface WebSeedLimits {
  /** Seeds asked at the same time; the others wait for one of them to fail. */
  readonly webSeedsAtOnce: number;
  /** Requests under way to one seed: the second hides the round trip between two. */
  readonly webSeedRequestsAtOnce: number;
  /** Most bytes of one request; at least one piece is always asked for. */
  readonly webSeedRequestBytes: number;
  /** A request is made as long as the seed is expected to take this long for it: a seek waits for no more. */
  readonly webSeedRequestMs: number;
  /** Nothing came for this long: the request is given up. */
  readonly webSeedStalledAfterMs: number;
  /** Below this, or below an eighth of the fastest seed, a seed counts as slow: one piece at a time, and none that playback waits for. */
  readonly webSeedSlowBytesPerSecond: number;
  /** Slow requests in a row after which a seed rests as if it had failed. */
  readonly webSeedSlowRequests: number;
  /** A file up to this size may come whole from a server that knows no ranges. */
  readonly webSeedWholeFileBytes: number;
  /** How long a seed that failed rests: doubles with every failure in a row. */
  readonly webSeedBackoffMinMs: number;
  readonly webSeedBackoffMaxMs: number;
}

export const DEFAULT_WEB_SEED_LIMITS: WebSeedLimits = {
  webSeedsAtOnce: 4,
  webSeedRequestsAtOnce: 2,
  webSeedRequestBytes: 4 * 1024 * 1024,
  webSeedRequestMs: 2000,
  webSeedStalledAfterMs: 10_000,
  webSeedSlowBytesPerSecond: 32 * 1024,
  webSeedSlowRequests: 3,
  webSeedWholeFileBytes: 4 * 1024 * 1024,
  webSeedBackoffMinMs: 1000,
  webSeedBackoffMaxMs: 60_000,
};
