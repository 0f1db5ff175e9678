import { describe, expect, test } from 'vitest';
import { chunkStoreCases } from './chunk-store-cases';
import type { StoreCase, StoreHarness } from './store-harness';

export interface SuiteOptions {
  readonly canLimitRoom: boolean;
  readonly isPersistent: boolean;
}

/** Which cases of the contract an implementation has to pass. */
export function casesFor(options: SuiteOptions): readonly StoreCase[] {
  return chunkStoreCases.filter(({ needs }) => {
    switch (needs) {
      case 'nothing':
        return true;
      case 'room':
        return options.canLimitRoom;
      case 'persistence':
        return options.isPersistent;
    }
  });
}

/** The acceptance suite of `ChunkStore`: every implementation passes it. */
export function describeChunkStore(name: string, options: SuiteOptions, createHarness: () => Promise<StoreHarness>): void {
  describe(name, () => {
    test.each(casesFor(options))('$name', async (storeCase) => {
      const harness = await createHarness();
      try {
        await expect(storeCase.run(harness)).resolves.toBeUndefined();
      } finally {
        await harness.dispose();
      }
    });
  });
}
