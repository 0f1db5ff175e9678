import { parseArgs } from 'node:util';
import { SCENARIO_NAMES, SCENARIOS, USUAL_SCENARIOS, type ScenarioName } from './scenarios';
import { ableTo, SYSTEM_NAMES, type SystemName } from './systems';

export const USAGE = `Usage: npm run bench [-- --scenario NAME]… [--system NAME]… [--runs N] [--film-mb N] [--json FILE]

Measures real Chromium against real Chromium, each in processes of its own, the systems in turn: A B A B.
  --scenario NAME   ${SCENARIO_NAMES.join(', ')}; may be given several times
                    (default: all but big)
  --system NAME     ${SYSTEM_NAMES.join(', ')};
                    may be given several times (default: all); raw and raw-4 only where one viewer downloads only
  --runs N          runs of each system in each scenario (default 3)
  --film-mb N       the film has about N MB instead of the scenario's own size
  --json FILE       writes {scenario: {system: {metric: {median, min, max, n}}}}
  --extension DIR   measures the extension built there instead of building this one`;

export interface BenchOptions {
  readonly scenarios: readonly ScenarioName[];
  readonly systems: readonly SystemName[];
  readonly runs: number;
  /** Instead of the scenarios' own. */
  readonly filmBytes: number | undefined;
  readonly jsonPath: string | undefined;
  readonly extensionDir: string | undefined;
}

export class UsageError extends Error {}

/** @returns undefined when only help was asked for. @throws {UsageError} */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const runs = values.runs ?? '3';
  if (!/^[1-9]\d{0,2}$/.test(runs)) throw new UsageError('--runs is a whole number from 1 to 999.');
  const filmMB = values['film-mb'];
  if (filmMB !== undefined && !/^[1-9]\d{0,4}$/.test(filmMB)) throw new UsageError('--film-mb is a whole number from 1 to 99999.');
  const scenarios = values.scenario === undefined ? USUAL_SCENARIOS : chosen('--scenario', SCENARIO_NAMES, values.scenario);
  const systems = chosen('--system', SYSTEM_NAMES, values.system);
  const idle = scenarios.find((name) => ableTo(SCENARIOS[name], systems).length === 0);
  if (idle !== undefined)
    throw new UsageError(`--scenario ${idle}: bare channels play nothing and make no swarm; choose another system with it.`);
  return {
    scenarios,
    systems,
    runs: Number(runs),
    filmBytes: filmMB === undefined ? undefined : Number(filmMB) * 1e6,
    jsonPath: values.json,
    extensionDir: values.extension,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string', multiple: true },
        system: { type: 'string', multiple: true },
        runs: { type: 'string' },
        'film-mb': { type: 'string' },
        json: { type: 'string' },
        extension: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Each once, in the order of the list, so that the same choice always runs the same way. */
function chosen<Name extends string>(flag: string, known: readonly Name[], wanted: readonly string[] | undefined): readonly Name[] {
  if (wanted === undefined) return known;
  const stranger = wanted.find((name) => !known.some((one) => one === name));
  if (stranger !== undefined) throw new UsageError(`${flag} ${stranger}: there are ${known.join(', ')}.`);
  return known.filter((name) => wanted.includes(name));
}
