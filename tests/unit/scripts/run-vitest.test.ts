import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { countTests } from '@/scripts/run-vitest';

const report = (passed: number, failed: number, files: readonly { status: string; tests: readonly string[] }[]): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: files.map(({ status, tests }) => ({
      name: resolve('tests/some.test.ts'),
      status,
      message: 'the file is broken\nat a line',
      assertionResults: tests.map((outcome, index) => ({
        status: outcome,
        fullName: `test ${index}`,
        failureMessages: outcome === 'failed' ? ['expected 1 to be 2\nat a line'] : [],
      })),
    })),
  });

test('passed and failed tests are counted as reported, and those that failed are named', () => {
  const files = [{ status: 'failed', tests: ['passed', 'passed', 'failed'] }];
  expect(countTests(report(2, 1, files), 1)).toEqual({
    passed: 2,
    failed: 1,
    failures: ['tests/some.test.ts > test 2: expected 1 to be 2'],
  });
});

test('a file that could not be loaded is a failure', () => {
  const files = [
    { status: 'passed', tests: ['passed'] },
    { status: 'failed', tests: [] },
  ];
  expect(countTests(report(1, 0, files), 1)).toEqual({ passed: 1, failed: 1, failures: ['tests/some.test.ts: the file is broken'] });
});

test('an error outside of every test is a failure', () => {
  expect(countTests(report(1, 0, [{ status: 'passed', tests: ['passed'] }]), 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('a run without a test is a failure', () => {
  expect(countTests(report(0, 0, []), 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('a run without a report is a failure', () => {
  expect(countTests(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
});
