import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { summarise, type Summary } from '@/tests/bench/statistics';
import { BENCHED_SERVERS, type BenchedServerName } from './dialects';
import { measureServers, type ServerSample } from './measure-server';
import { measureNodeKill, measureRestart } from './rejoin';
import { readOptions, USAGE, UsageError, type SignalingBenchOptions } from './options';

const PAIRS = 200;
const METRICS = ['cpuMicrosPerPair', 'bytesPerConnection', 'p50Ms', 'p99Ms'] as const;
type Metric = (typeof METRICS)[number];
type Results = Partial<Record<BenchedServerName, Record<Metric, Summary>>>;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === undefined) console.log(USAGE);
    else if (options.rejoin === undefined) await bench(options);
    else await benchRejoin(options.rejoin);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 1;
  }
}

async function bench(options: SignalingBenchOptions): Promise<void> {
  const samples = new Map<BenchedServerName, ServerSample[]>(options.servers.map((name) => [name, []]));
  for (let run = 1; run <= options.runs; run++) {
    for (const [name, sample] of await measureServers(options.servers, { ...options, pairs: PAIRS })) {
      samples.get(name)?.push(sample);
      console.log(`${run} ${name}: ${METRICS.map((metric) => `${metric} ${sample[metric].toFixed(2)}`).join(', ')}`);
    }
  }
  const results: Results = {};
  for (const [name, ofServer] of samples) {
    const summaries = METRICS.map((metric) => [metric, summarise(ofServer.map((sample) => sample[metric]))]);
    results[name] = Object.fromEntries(summaries) as Record<Metric, Summary>;
  }
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
  console.log(`\n${machine}\n\n${table(results)}`);
  if (options.jsonPath !== undefined) await writeFile(options.jsonPath, `${JSON.stringify(results, undefined, 2)}\n`);
}

async function benchRejoin(clients: number): Promise<void> {
  const restart = await measureRestart(clients);
  console.log(`restart: ${restart.clients} clients, median ${restart.medianMs.toFixed(0)} ms, last ${restart.lastMs.toFixed(0)} ms`);
  const kill = await measureNodeKill(clients);
  console.log(
    `a node killed: ${kill.clients} clients relay again, median ${kill.medianMs.toFixed(0)} ms, last ${kill.lastMs.toFixed(0)} ms`,
  );
}

function table(results: Results): string {
  const rows = Object.entries(results).map(([name, summaries]) => {
    const { against } = BENCHED_SERVERS[name as BenchedServerName];
    const bare = against === undefined ? undefined : results[against];
    const cells = METRICS.map((metric) => cell(metric, summaries[metric], bare?.[metric]));
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  return [
    '| server | CPU for an offer and its answer, µs | memory of an idle connection, KiB | offer → answer p50, ms | p99, ms |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function cell(metric: Metric, { median, min, max }: Summary, bare: Summary | undefined): string {
  const scale = metric === 'bytesPerConnection' ? 1024 : 1;
  const digits = metric === 'p50Ms' || metric === 'p99Ms' ? 2 : 1;
  const text = (value: number): string => (value / scale).toFixed(digits);
  const ratio = bare === undefined ? '' : `, ${(median / bare.median).toFixed(2)} ×`;
  return `${text(median)} (${text(min)}–${text(max)})${ratio}`;
}
