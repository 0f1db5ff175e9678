import { followSettings } from './follow-settings';

/** Draws an element of ours over a page light or dark, as the viewer chose, and at once when that changes; else as the system has it. */
export async function followTheme(element: HTMLElement, signal: AbortSignal): Promise<void> {
  await followSettings(signal, (stored) => {
    element.style.colorScheme = readTheme(stored);
  });
}

/** Reads what storage holds, whoever wrote it; empty for what is no choice. */
export function readTheme(stored: unknown): string {
  if (typeof stored !== 'object' || stored === null) return '';
  const { theme } = stored as { readonly theme?: unknown };
  return theme === 'light' || theme === 'dark' ? theme : '';
}
