import { StoreError, type StoreErrorCode } from '@/src/store/chunk-store';

/** The few checks the store's cases need: they run in Node and, unchanged, in a browser page, where there is no test runner. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

export function checkBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  checkEqual(actual.length, expected.length, `length of ${what}`);
  const at = actual.findIndex((byte, index) => byte !== expected[index]);
  if (at !== -1) throw new Error(`${what} differs at byte ${at}: ${actual[at]} instead of ${expected[at]}`);
}

export async function checkRejects(task: Promise<unknown>, code: StoreErrorCode): Promise<void> {
  const error = await rejectionOf(task);
  if (!(error instanceof StoreError)) throw new Error(`rejected with ${String(error)} instead of a StoreError`, { cause: error });
  checkEqual(error.code, code, 'code of the error');
}

export async function rejectionOf(task: Promise<unknown>): Promise<unknown> {
  const outcome = await task.then(
    () => 'resolved' as const,
    (error: unknown) => ({ error }),
  );
  if (outcome === 'resolved') throw new Error('resolved instead of rejecting');
  return outcome.error;
}
