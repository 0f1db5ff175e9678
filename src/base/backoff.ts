export interface BackoffLimits {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before try number `attempt` (0 is the first one again): anywhere between the shortest wait and a ceiling that
 * doubles with every failure, so that those who lost a server together do not come back together.
 */
export function backoffDelayMs(attempt: number, random: () => number, { minMs, maxMs }: BackoffLimits): number {
  const ceilingMs = Math.min(maxMs, minMs * 2 ** (attempt + 1));
  return minMs + random() * (ceilingMs - minMs);
}
