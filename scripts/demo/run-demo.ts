import { setStage } from './demo-stage';
import { runHeaded } from './headed-run';
import { runHeadless } from './headless-run';
import { endOnSignals } from './interruption';
import type { DemoOptions } from './options';
import { say } from './progress';
import { Teardown } from './teardown';

/** From nothing to a film that plays, and back to nothing. @returns the exit code */
export async function runDemo(options: DemoOptions): Promise<number> {
  const teardown = new Teardown();
  endOnSignals(teardown);
  try {
    const stage = await setStage(options, teardown);
    return options.headless ? await runHeadless(stage, options) : await runHeaded(stage, options);
  } catch (error) {
    // Whatever was under way fails when it is ended; that is no news.
    if (teardown.signal.aborted) return 130;
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await teardown.end();
    say('Everything is closed and cleaned up.');
  }
}
