import { signal, type ReadonlySignal } from '@preact/signals';

const TICK_MS = 1000;

/** The time in ms since the epoch, renewed every second, for waits that are shown as they grow. */
export function createClock(until: AbortSignal): ReadonlySignal<number> {
  const nowMs = signal(Date.now());
  const timer = setInterval(() => {
    nowMs.value = Date.now();
  }, TICK_MS);
  until.addEventListener('abort', () => clearInterval(timer), { once: true });
  return nowMs;
}
