import { effect, type ReadonlySignal } from '@preact/signals';
import type { Settings } from '@/src/settings/schema';

/** Draws the whole page light or dark, as the viewer chose, and at once when that changes; else as the system has it. */
export function followTheme(settings: ReadonlySignal<Settings | undefined>, until: AbortSignal): void {
  const stop = effect(() => {
    const theme = settings.value?.theme ?? 'system';
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  });
  until.addEventListener('abort', stop, { once: true });
}
