import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildExtension } from '@/scripts/build-extension';
import { requireDiskRoom } from './disk-room';
import { requireLineTools } from './line/requirements';
import { describeMachine } from './machine';
import { METRICS, type Sample } from './metrics';
import { SystemOpener } from './open-system';
import { readOptions, USAGE, UsageError, type BenchOptions } from './options';
import { scenarioTable, type Results, type ScenarioResults } from './report';
import { runScenario } from './run-scenario';
import { SCENARIOS, type ScenarioName } from './scenarios';
import { summariseSamples, type Summaries } from './statistics';
import { openGround } from './surroundings';
import { ableTo, type SystemName } from './systems';

/** Of its own, so that another build cannot take files away under a running browser. */
const OWN_BUILD = fileURLToPath(new URL('../../.cache/bench/extension', import.meta.url));

// Whatever a failed run left open must not keep the command waiting; browsers and child processes end with this process.
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === undefined) console.log(USAGE);
    else await bench(options, args);
    return 0;
  } catch (error) {
    console.error(error instanceof Error && (error instanceof UsageError || error.stack === undefined) ? error.message : error);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
    return 1;
  }
}

async function bench(options: BenchOptions, args: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The benchmark reads CPU time and memory from /proc, which only Linux has.');
  if (options.scenarios.some((name) => SCENARIOS[name].line !== undefined)) await requireLineTools();
  const extensionDir = options.extensionDir ?? (await buildExtension(undefined, { outDir: OWN_BUILD, quiet: true }));
  const opener = new SystemOpener(extensionDir);
  const results: Partial<Record<ScenarioName, ScenarioResults>> = {};
  const tables: string[] = [];
  try {
    for (const scenario of options.scenarios) {
      console.log(`\n${scenario}: ${SCENARIOS[scenario].about} …`);
      const summaries = await benchScenario(scenario, options, opener);
      results[scenario] = summaries;
      tables.push(scenarioTable(scenario, summaries));
      // After each scenario, so that a later failure costs only its own.
      if (options.jsonPath !== undefined) await writeFile(options.jsonPath, toJson(results));
    }
  } finally {
    await opener.close();
  }
  console.log(['', `npm run bench -- ${args.join(' ')}`, await describeMachine(), ...tables].join('\n\n'));
}

async function benchScenario(
  name: ScenarioName,
  { systems: chosen, runs, filmBytes }: BenchOptions,
  opener: SystemOpener,
): Promise<ScenarioResults> {
  const scenario = { ...SCENARIOS[name], ...(filmBytes === undefined ? {} : { filmBytes }) };
  const systems = ableTo(scenario, chosen);
  await requireDiskRoom(scenario.filmBytes, systems.length);
  const ground = await openGround(scenario);
  try {
    const samples = await runScenario({ systems, runs, ground, open: opener.open, onSample: sayRun, onFailure: sayFailure });
    const summaries: Partial<Record<SystemName, Summaries>> = {};
    for (const [system, ofSystem] of samples) summaries[system] = summariseSamples(ofSystem);
    return summaries;
  } finally {
    await ground.close();
  }
}

function sayRun(system: SystemName, run: number, sample: Sample): void {
  const figures = METRICS.flatMap((metric) => (sample[metric] === undefined ? [] : [`${metric} ${sample[metric].toFixed(1)}`]));
  console.log(`  ${run} ${system}: ${figures.join(', ')}`);
}

function sayFailure(system: SystemName, run: number, error: unknown): void {
  console.log(`  ${run} ${system}: FAILED and left out: ${error instanceof Error ? error.message : String(error)}`);
}

function toJson(results: Results): string {
  return `${JSON.stringify(results, undefined, 2)}\n`;
}
