import { parseArgs } from 'node:util';
import type { Counts } from './run-vitest';
import { STEP_GROUPS, TEST_STEPS } from './test-steps';
import type { TestStep } from './test-steps';

const USAGE = `Usage: npm test [-- --only ${STEP_GROUPS.join('|')}]

Runs every check and test; ends with the line "Tests: N passed, N failed" and exit code 0 only if none failed.
  --only checks    types, lint and format
  --only node      tests that need no browser
  --only browser   build, browser and end-to-end tests`;

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', default: false } } });
  const steps = TEST_STEPS.filter(({ group }) => values.only === undefined || values.only === group);
  if (values.help || steps.length === 0) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const startedAtMs = Date.now();
  const total = { passed: 0, failed: 0 };
  const failedSteps: string[] = [];
  const allFailures: string[] = [];
  for (const [index, step] of steps.entries()) {
    console.log(`\n[${index + 1}/${steps.length}] ${step.name} (${step.expected}) …`);
    const { passed, failed, failures = [] } = await runStep(step);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0) failedSteps.push(step.name);
    allFailures.push(...failures);
  }
  if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join('; ')}`);
  for (const failure of allFailures) console.log(`  ${failure}`);
  console.log(`\nDone in ${Math.round((Date.now() - startedAtMs) / 1000)} s.`);
  console.log(`Tests: ${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runStep(step: TestStep): Promise<Counts> {
  if (stop.signal.aborted) {
    console.log('Not run: stopped.');
    return { passed: 0, failed: 1 };
  }
  try {
    return await step.run(stop.signal);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  }
}
