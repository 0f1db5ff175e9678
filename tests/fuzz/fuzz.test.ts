import { describe, expect, test } from 'vitest';
import { describeFailure } from './fuzz-property';
import { FUZZ_TARGETS } from './targets';
import { pinnedCases } from './pinned-cases';

/** A few seconds of `npm run fuzz`, the same inputs each time; and whatever it found before. */

const SEED = 20_260_101;

describe.each(FUZZ_TARGETS)('$name', ({ properties, runs }) => {
  test.each(properties)('$name', async (property) => {
    const failure = await property.run(SEED, runs);
    expect(failure === undefined ? 'held' : describeFailure(failure)).toBe('held');
  });
});

describe('what failed once', async () => {
  const cases = await pinnedCases();
  test.each(cases)('$target: $name', async ({ target, property, input }) => {
    const known = FUZZ_TARGETS.find(({ name }) => name === target)?.properties.find(({ name }) => name === property);
    expect(known, `${target} has no property ${property}`).toBeDefined();
    await expect(known?.replay(input)).resolves.toBeUndefined();
  });
});
