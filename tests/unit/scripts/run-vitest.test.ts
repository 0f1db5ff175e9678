import { expect, test } from 'vitest';
import { countTests } from '@/scripts/run-vitest';

const report = (passed: number, failed: number, files: readonly { status: string; tests: readonly string[] }[]): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: files.map(({ status, tests }) => ({ status, assertionResults: tests.map((outcome) => ({ status: outcome })) })),
  });

test('passed and failed tests are counted as reported', () => {
  const files = [{ status: 'failed', tests: ['passed', 'passed', 'failed'] }];
  expect(countTests(report(2, 1, files), 1)).toEqual({ passed: 2, failed: 1 });
});

test('a file that could not be loaded is a failure', () => {
  const files = [
    { status: 'passed', tests: ['passed'] },
    { status: 'failed', tests: [] },
  ];
  expect(countTests(report(1, 0, files), 1)).toEqual({ passed: 1, failed: 1 });
});

test('an error outside of every test is a failure', () => {
  expect(countTests(report(1, 0, [{ status: 'passed', tests: ['passed'] }]), 1)).toEqual({ passed: 1, failed: 1 });
});

test('a run without a test is a failure', () => {
  expect(countTests(report(0, 0, []), 0)).toEqual({ passed: 0, failed: 1 });
});

test('a run without a report is a failure', () => {
  expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1 });
});
