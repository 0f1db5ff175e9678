import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as v from 'valibot';
import { runTool } from './run-tool';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, a line each, so that nobody has to search a long output for it. May be fewer than `failed`. */
  readonly failures?: readonly string[];
}

const reportSchema = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.optional(v.string()),
      assertionResults: v.array(
        v.object({ status: v.string(), fullName: v.string(), failureMessages: v.optional(v.nullable(v.array(v.string()))) }),
      ),
    }),
  ),
});

/** Runs one vitest project with its usual output, and counts from its own report. */
export async function runVitest(project: string, env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-tests-'));
  const reportPath = join(folder, 'report.json');
  try {
    const exitCode = await runTool(
      ['vitest', 'vitest'],
      ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
      { env, signal },
    );
    return countTests(await readFile(reportPath, 'utf8').catch(() => undefined), exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A file that could not even be loaded, an error outside of every test, or a run without a single test counts as one failure more:
 * what did not run must not look green.
 */
export function countTests(report: string | undefined, exitCode: number): Counts {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = v.parse(reportSchema, JSON.parse(report));
  const failures = testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(process.cwd(), name);
      const failedTests = assertionResults.filter((assertion) => assertion.status === 'failed');
      if (failedTests.length === 0) return [`${file}: ${firstLine(message)}`];
      return failedTests.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages?.[0])}`);
    });
  const unexplained = failures.length === 0 && (exitCode !== 0 || numPassedTests === 0 || numFailedTests > 0) ? 1 : 0;
  return { passed: numPassedTests, failed: Math.max(failures.length, numFailedTests) + unexplained, failures };
}

function firstLine(message: string | undefined): string {
  return message?.split('\n', 1)[0] ?? '';
}
