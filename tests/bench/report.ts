import { METRICS, METRIC_WORDS, type Metric } from './metrics';
import { SCENARIOS, type ScenarioName } from './scenarios';
import type { Summaries, Summary } from './statistics';
import { baselines, type SystemName } from './systems';

export type ScenarioResults = Readonly<Partial<Record<SystemName, Summaries>>>;
export type Results = Readonly<Partial<Record<ScenarioName, ScenarioResults>>>;

/** A Markdown table of one scenario: medians with their range, and each system's median as a multiple of the baselines'. */
export function scenarioTable(scenario: ScenarioName, results: ScenarioResults): string {
  const systems = Object.keys(results) as SystemName[];
  const compared = baselines(systems);
  const ratios = compared.flatMap((base) => systems.filter((system) => !compared.includes(system)).map((system) => ({ system, base })));
  const runs = Math.max(0, ...systems.flatMap((system) => Object.values(results[system] ?? {}).map(({ n }) => n)));
  const rows = METRICS.filter((metric) => systems.some((system) => results[system]?.[metric] !== undefined)).map((metric) => [
    METRIC_WORDS[metric],
    ...systems.map((system) => cell(metric, results[system]?.[metric])),
    ...ratios.map(({ system, base }) => (metric === 'otherCores' ? '' : ratio(results[system]?.[metric], results[base]?.[metric]))),
  ]);
  const head = ['', ...systems, ...ratios.map(({ system, base }) => `${system} ÷ ${base}`)];
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${scenario}: ${SCENARIOS[scenario].about}`, '', `Median (min–max) of ${runs}.`, '', ...lines].join('\n');
}

function cell(metric: Metric, summary: Summary | undefined): string {
  if (summary === undefined) return '–';
  const [median, min, max] = [summary.median, summary.min, summary.max].map((value) => figure(metric, value));
  return summary.n === 1 ? `${median}` : `${median} (${min}–${max})`;
}

function ratio(summary: Summary | undefined, base: Summary | undefined): string {
  return summary === undefined || base === undefined || base.median === 0 ? '–' : `${(summary.median / base.median).toFixed(2)} ×`;
}

/** Behind the point; 0 where nothing is said. */
const DIGITS: Partial<Record<Metric, number>> = {
  otherCores: 2,
  leecherShare: 2,
  lineShare: 2,
  tcpMBps: 1,
  rateMBps: 1,
  fastestRateMBps: 1,
  heapMB: 1,
};

function figure(metric: Metric, value: number): string {
  return value.toFixed(DIGITS[metric] ?? 0);
}
