import { setStage } from './demo-stage';
import { runHeaded } from './headed-run';
import { runHeadless } from './headless-run';
import type { DemoOptions } from './options';
import { say } from './progress';
import { untilEnded } from './until-ended';

/** From nothing to a film that plays, and back to nothing. @returns the exit code */
export async function runDemo(options: DemoOptions): Promise<number> {
  const code = await untilEnded(async (teardown) => {
    const stage = await setStage(options, teardown);
    return options.headless ? await runHeadless(stage, options) : await runHeaded(stage, options);
  });
  say('Everything is closed and cleaned up.');
  return code;
}
