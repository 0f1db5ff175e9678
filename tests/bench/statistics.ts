import { METRICS, type Metric, type Sample } from './metrics';

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

export type Summaries = Readonly<Partial<Record<Metric, Summary>>>;

/** @returns undefined for no values at all */
export function summarise(values: readonly number[]): Summary | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const [low = min, high = max] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return { median: (low + high) / 2, min, max, n: sorted.length };
}

export function summariseSamples(samples: readonly Sample[]): Summaries {
  const summaries: Partial<Record<Metric, Summary>> = {};
  for (const metric of METRICS) {
    const summary = summarise(samples.map((sample) => sample[metric]).filter((value) => value !== undefined));
    if (summary !== undefined) summaries[metric] = summary;
  }
  return summaries;
}
