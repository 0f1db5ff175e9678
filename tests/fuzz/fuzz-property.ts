import fc from 'fast-check';
import { writeInput } from './pinned-input';

/** What has to hold for every input, and where inputs come from. */
export interface FuzzProperty {
  /** Unique in its target, in kebab-case. */
  readonly name: string;
  /** Tries that many inputs, the same for the same seed. @returns undefined when all of them held */
  run(seed: number, runs: number): Promise<FuzzFailure | undefined>;
  /** Tries one input that was pinned. @throws what the property throws */
  replay(input: unknown): Promise<void>;
}

export interface FuzzFailure {
  /** The smallest input that still fails. */
  readonly input: unknown;
  readonly error: unknown;
}

export interface FuzzTarget {
  /** The name of its file. */
  readonly name: string;
  /** Runs of each property in the test suite: a few hundredths of a second's worth. */
  readonly runs: number;
  readonly properties: readonly FuzzProperty[];
}

/**
 * @param check throws when the property does not hold
 * @param cost of one input, compared with the others of the target: it is tried so much less often
 */
export function property<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
  cost = 1,
): FuzzProperty {
  return {
    name,
    async run(seed, runs) {
      const details = await fc.check(
        fc.asyncProperty(inputs, async (input) => check(input)),
        { seed, numRuns: Math.ceil(runs / cost) },
      );
      if (!details.failed) return undefined;
      return { input: details.counterexample?.[0], error: details.errorInstance };
    },
    replay: async (input) => check(input as Input),
  };
}

/** Short enough for a terminal. */
export function describeFailure({ input, error }: FuzzFailure): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${writeInput(input).slice(0, 1500)}\n${text.slice(0, 3000)}`;
}
