import { browser } from 'wxt/browser';

/** Draws an element of ours over a page light or dark, as the viewer chose, and at once when that changes; else as the system has it. */
export async function followTheme(element: HTMLElement, signal: AbortSignal): Promise<void> {
  const { local } = browser.storage;
  const onChanged = ({ settings }: Record<string, { readonly newValue?: unknown }>): void => {
    if (settings !== undefined) element.style.colorScheme = readTheme(settings.newValue);
  };
  local.onChanged.addListener(onChanged);
  signal.addEventListener('abort', () => local.onChanged.removeListener(onChanged), { once: true });
  try {
    element.style.colorScheme = readTheme((await local.get('settings'))['settings']);
  } catch {
    // As the system has it.
  }
}

/** Reads what storage holds, whoever wrote it; empty for what is no choice. */
export function readTheme(stored: unknown): string {
  if (typeof stored !== 'object' || stored === null) return '';
  const { theme } = stored as { readonly theme?: unknown };
  return theme === 'light' || theme === 'dark' ? theme : '';
}
