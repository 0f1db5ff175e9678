import { basicCases } from './basic-cases';
import { evictionCases } from './eviction-cases';
import { modelCase } from './model-case';
import { persistenceCases } from './persistence-cases';
import type { StoreCase } from './store-harness';

/** The contract of `ChunkStore`, case by case, for Node and for a page in a browser alike. */
export const chunkStoreCases: readonly StoreCase[] = [...basicCases, ...persistenceCases, ...evictionCases, modelCase];
