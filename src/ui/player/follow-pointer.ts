import { signal, type ReadonlySignal } from '@preact/signals';

/** Long enough to reach a button, short enough not to stand before the film. */
const STAYS_MS = 2500;

/** Whether a pointer has moved over the page lately: what lies over the film is shown for so long. */
export function followPointer(until: AbortSignal): ReadonlySignal<boolean> {
  const isMoving = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    clearTimeout(timer);
    isMoving.value = false;
  };
  const move = (): void => {
    clearTimeout(timer);
    timer = setTimeout(rest, STAYS_MS);
    isMoving.value = true;
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown']) {
    document.addEventListener(event, move, { capture: true, passive: true, signal: until });
  }
  document.documentElement.addEventListener('pointerleave', rest, { signal: until });
  until.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return isMoving;
}
