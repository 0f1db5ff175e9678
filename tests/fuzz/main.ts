import { readFuzzOptions, usage, UsageError, type FuzzOptions } from './fuzz-options';
import { describeFailure, type FuzzFailure, type FuzzProperty, type FuzzTarget } from './fuzz-property';
import { startHangWatch } from './hang-watch';
import { pin } from './pinned-cases';
import { FUZZ_TARGETS } from './targets';

/** As many runs at a time as take a fraction of a second, so that every target gets its turn. */
const ROUNDS_OF_TEST_SUITE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const names = FUZZ_TARGETS.map(({ name }) => name);
  try {
    const options = readFuzzOptions(args, names, Math.floor(Math.random() * 2 ** 31));
    if (options !== undefined) return await fuzz(options);
    console.log(usage(names));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage(names)}`);
    return 1;
  }
}

async function fuzz({ seconds, seed, targets }: FuzzOptions): Promise<number> {
  console.log(`Seed ${seed}, ${seconds} s: ${targets.join(', ')}`);
  const chosen = FUZZ_TARGETS.filter(({ name }) => targets.includes(name));
  const watch = startHangWatch();
  const runs = new Map<string, number>();
  const untilMs = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < untilMs; round++) {
    for (const target of chosen) {
      for (const property of target.properties) {
        const roundSeed = (seed + round) % 2 ** 31;
        watch.begins(`${target.name}: ${property.name} with --seed ${roundSeed} --target ${target.name}`);
        const failure = await property.run(roundSeed, target.runs * ROUNDS_OF_TEST_SUITE);
        if (failure !== undefined) {
          watch.end();
          await report(target, property, roundSeed, failure);
          return 1;
        }
        runs.set(target.name, (runs.get(target.name) ?? 0) + target.runs * ROUNDS_OF_TEST_SUITE);
        if (performance.now() >= untilMs) break;
      }
    }
  }
  watch.end();
  for (const [name, count] of runs) console.log(`${name.padEnd(20)} ${count.toLocaleString('en')} inputs, all as they should be`);
  return 0;
}

async function report({ name }: FuzzTarget, property: FuzzProperty, seed: number, failure: FuzzFailure): Promise<void> {
  const path = await pin(name, property.name, String(failure.error).slice(0, 500), failure.input);
  console.error(`${name}: ${property.name} failed; --seed ${seed} --target ${name} repeats it.`);
  console.error(describeFailure(failure));
  console.error(`Pinned as ${path}: say there why it failed. The tests try it from now on.`);
}
