import { endOnSignals } from './interruption';
import { Teardown } from './teardown';

/** Does something that can be stopped by Ctrl+C, and takes back all of it at the end. @returns the exit code, 130 when it was stopped */
export async function untilEnded(run: (teardown: Teardown) => Promise<number>): Promise<number> {
  const teardown = new Teardown();
  endOnSignals(teardown);
  try {
    return await run(teardown);
  } catch (error) {
    // Whatever was under way fails when it is ended; that is no news.
    if (teardown.signal.aborted) return 130;
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await teardown.end();
  }
}
