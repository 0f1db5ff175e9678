import { buildExtension } from './build-extension';
import { findBrowser } from './browser';
import { ensureBrowserLanguages } from './browser-languages';
import { ensureNetworkTool, NETWORK_TOOLS } from './network-tools';
import { runTool } from './run-tool';
import { runVitest } from './run-vitest';
import type { Counts } from './run-vitest';

export interface TestStep {
  readonly name: string;
  readonly group: StepGroup;
  /** What to tell a person who waits, on two cores. */
  readonly expected: string;
  run(signal: AbortSignal): Promise<Counts>;
}

export const STEP_GROUPS = ['checks', 'node', 'browser'] as const;
export type StepGroup = (typeof STEP_GROUPS)[number];

const PASSED: Counts = { passed: 1, failed: 0 };
const FAILED: Counts = { passed: 0, failed: 1 };

/** Everything `npm test` runs, quickest answers first. A check counts as one test. */
export const TEST_STEPS: readonly TestStep[] = [
  check('Types', 'some seconds', ['typescript', 'tsc'], ['--noEmit']),
  check('Types of protocol and scheduler, without a browser', 'a second', ['typescript', 'tsc'], ['--noEmit', '-p', 'tsconfig.pure.json']),
  check('Lint', 'some seconds', ['oxlint', 'oxlint'], ['--type-aware', '--deny-warnings']),
  check('Format', 'a second', ['oxfmt', 'oxfmt'], ['--check']),
  {
    name: 'Architecture, unit, contract and server tests',
    group: 'node',
    expected: 'four to seven minutes',
    run: nodeTests,
  },
  { name: 'Build the extension', group: 'browser', expected: 'some seconds', run: build },
  { name: 'Browser and end-to-end tests in Chromium', group: 'browser', expected: 'about seventeen minutes', run: browserTests },
];

function check(name: string, expected: string, tool: readonly [string, string], args: readonly string[]): TestStep {
  return {
    name,
    group: 'checks',
    expected,
    run: async (signal) => ((await runTool(tool, args, { signal })) === 0 ? PASSED : FAILED),
  };
}

async function build(signal: AbortSignal): Promise<Counts> {
  await buildExtension(signal, { quiet: true });
  return PASSED;
}

async function nodeTests(signal: AbortSignal): Promise<Counts> {
  // Tests run side by side, and packages are not installed side by side.
  for (const tool of NETWORK_TOOLS) await ensureNetworkTool(tool);
  return runVitest('node', {}, signal);
}

async function browserTests(signal: AbortSignal): Promise<Counts> {
  const { executablePath } = await findBrowser();
  console.log(`Browser: ${executablePath}`);
  await ensureBrowserLanguages(executablePath);
  for (const tool of NETWORK_TOOLS) await ensureNetworkTool(tool);
  return runVitest('browser', { CHROME_PATH: executablePath, LODESTREAM_EXTENSION_BUILT: '1' }, signal);
}
