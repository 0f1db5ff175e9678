import { availableParallelism } from 'node:os';
import { startProgram, type Child } from '@/tests/support/child-process';

/**
 * Keeps every processor from falling asleep, by work that anything else goes before. Waking one up takes longer than relaying a message
 * does, above all in a virtual machine, is counted for whoever sends the message, and happens by chance.
 * @returns lets them sleep again
 */
export function keepAwake(): () => Promise<void> {
  const spinners = Array.from({ length: availableParallelism() }, () => startAside(['-e', 'for (;;);']));
  return async () => {
    await Promise.all(spinners.map((spinner) => spinner.kill()));
  };
}

/** Node, with the processor time that everybody else leaves. */
export function startAside(args: readonly string[]): Child {
  return startProgram('chrt', ['--idle', '0', process.execPath, ...args]);
}
