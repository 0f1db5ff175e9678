import type { LimitSettings } from '@/src/protocol/engine-api';

export type LimitName = keyof LimitSettings;

export interface LimitRange {
  /** What the engine has when nothing is set. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

/** What may be set, in the engine's own units; beyond these ranges the engine would break its protocol, or honest peers would be dropped. */
export const LIMIT_RANGES: Readonly<Record<LimitName, LimitRange>> = {
  peersPerSession: { initial: 50, min: 1, max: 200 },
  peers: { initial: 100, min: 1, max: 500 },
  negotiationsPerSession: { initial: 10, min: 1, max: 10 },
  negotiationTimeoutMs: { initial: 30_000, min: 5000, max: 120_000 },
  requestQueue: { initial: 500, min: 256, max: 500 },
  rejectsInARow: { initial: 50, min: 50, max: 1000 },
  strikes: { initial: 5, min: 1, max: 50 },
  assemblyBytes: { initial: 64 * 1024 ** 2, min: 16 * 1024 ** 2, max: 512 * 1024 ** 2 },
};

export const LIMIT_NAMES = Object.keys(LIMIT_RANGES) as LimitName[];
