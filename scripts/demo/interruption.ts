import type { Teardown } from './teardown';

/** Ctrl+C reaches a program twice when the terminal and npm both pass it on; a person who repeats it is slower than that. */
const SECOND_THOUGHT_MS = 1000;

/** Ends the demo on Ctrl+C, on a polite kill and with its terminal; a second Ctrl+C does not wait for a clean end. */
export function endOnSignals(teardown: Teardown): void {
  let firstAtMs: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (firstAtMs === undefined) {
        firstAtMs = Date.now();
        console.log('\nStopping: closing the browser and the servers (a few seconds) …');
        void teardown.end();
      } else if (name === 'SIGINT' && Date.now() - firstAtMs > SECOND_THOUGHT_MS) {
        process.exit(130);
      }
    });
  }
}
