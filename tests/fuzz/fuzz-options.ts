import { parseArgs } from 'node:util';

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Names of targets, in the order they run. */
  readonly targets: readonly string[];
}

export class UsageError extends Error {}

export function usage(targets: readonly string[]): string {
  return `Usage: npm run fuzz [-- --seconds N] [--seed S] [--target NAME]…

Tries inputs that nobody honest would send, from a new seed each time, until the time is over or a property fails.
  --seconds N     how long (default 60)
  --seed S        repeats a run: what it prints is the same for the same seed, as far as it gets
  --target NAME   ${targets.join(', ')}; may be given several times (default: all)`;
}

/** @param randomSeed used when none is given @returns undefined when only help was asked for. @throws {UsageError} */
export function readFuzzOptions(args: readonly string[], known: readonly string[], randomSeed: number): FuzzOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const targets = values.target ?? known;
  const stranger = targets.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError(`--target ${stranger}: there are ${known.join(', ')}.`);
  return {
    seconds: integer('--seconds', values.seconds ?? '60', 1, 1_000_000),
    seed: integer('--seed', values.seed ?? String(randomSeed), 0, 2 ** 31 - 1),
    targets,
  };
}

function integer(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw new UsageError(`${flag} is a whole number from ${min} to ${max}.`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        target: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
