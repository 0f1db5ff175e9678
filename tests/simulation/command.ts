import { writeFile } from 'node:fs/promises';
import { readOptions, USAGE, UsageError } from './options';
import { simulate, type SimulationProgress } from './simulate';

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === undefined) {
      console.log(USAGE);
      return 0;
    }
    const startedAtMs = performance.now();
    const report = await simulate({
      ...options,
      onProgress: (progress) => console.error(words(progress, performance.now() - startedAtMs)),
    });
    const json = `${JSON.stringify(report, undefined, 2)}\n`;
    if (options.jsonPath !== undefined) await writeFile(options.jsonPath, json);
    console.log(json);
    const { maxRSS } = process.resourceUsage();
    console.error(`took ${Math.round((performance.now() - startedAtMs) / 1000)} s, ${Math.round(maxRSS / 1024)} MB at most`);
    return 0;
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : error);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
    return 1;
  }
}

function words({ virtualS, arrived, left, turns }: SimulationProgress, tookMs: number): string {
  const memoryMb = Math.round(process.memoryUsage().rss / 2 ** 20);
  return `${virtualS} s: ${arrived} came, ${left} left; ${Math.round(tookMs / 1000)} s, ${Math.round(turns / 1000)} thousand events, ${memoryMb} MB`;
}
