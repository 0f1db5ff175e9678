import { Worker } from 'node:worker_threads';

const LONGEST_MS = 60_000;

export interface HangWatch {
  /** Something else begins: what is to be named if it never ends. */
  begins(what: string): void;
  end(): void;
}

/** A loop without end stops everything in its thread, timers too: another thread has to say where, and end the process. */
export function startHangWatch(): HangWatch {
  const worker = new Worker(WATCH, { eval: true, workerData: LONGEST_MS });
  worker.unref();
  return {
    begins: (what) => worker.postMessage(what),
    end: () => void worker.terminate(),
  };
}

/** Writes by itself: what a worker prints goes through the thread that hangs. */
const WATCH = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  let timer;
  parentPort.on('message', (what) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      writeSync(2, what + ' did not end within ' + workerData / 1000 + ' s.\\n');
      process.kill(process.pid, 'SIGKILL');
    }, workerData);
  });
`;
