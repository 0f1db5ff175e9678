import type { Rates, SessionId, SessionSnapshot } from '@/src/protocol/engine-api';

/** A minute, as the engine pushes about one snapshot a second. */
export const MAX_SAMPLES = 60;

export type RateHistory = ReadonlyMap<SessionId, readonly Rates[]>;

/** One more sample for each session that is there; the others are forgotten. */
export function withSample(history: RateHistory, sessions: readonly Pick<SessionSnapshot, 'id' | 'rates'>[]): RateHistory {
  return new Map(sessions.map(({ id, rates }) => [id, [...(history.get(id) ?? []), rates].slice(-MAX_SAMPLES)]));
}

export function highestRate(samples: readonly Rates[]): number {
  return samples.reduce((highest, rates) => Math.max(highest, rates.downloadBytesPerSecond, rates.uploadBytesPerSecond), 0);
}

/** Points of an SVG line, the newest at the right edge of `width` × `height`. */
export function linePoints(values: readonly number[], highest: number, width: number, height: number): string {
  const step = width / (MAX_SAMPLES - 1);
  const first = width - (values.length - 1) * step;
  return values
    .map((value, index) => `${(first + index * step).toFixed(1)},${(height - (highest === 0 ? 0 : value / highest) * height).toFixed(1)}`)
    .join(' ');
}
