import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const alias = { '@/': root };
/** Within the time of a test, not of its own: a busy machine takes longer than the second of the default. */
const expectations = { poll: { timeout: 60_000 } };

/** Node-only suites run side by side; suites that drive a browser run one file at a time, since they share two cores with Chromium. */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'node',
          setupFiles: ['tests/support/english-messages.ts'],
          include: ['tests/architecture.test.ts', 'tests/{unit,contract,server,fuzz}/**/*.test.ts'],
          testTimeout: 180_000,
          expect: expectations,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'browser',
          globalSetup: ['tests/support/built-extension.ts'],
          include: ['tests/{browser,e2e}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: expectations,
        },
      },
    ],
  },
});
