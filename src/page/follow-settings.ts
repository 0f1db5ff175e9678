import { browser } from 'wxt/browser';

/**
 * Tells what storage holds as the viewer's settings, whoever wrote it, and again after each change; undefined where there are none, or no
 * storage any more. The schema would not fit into a script that every page loads: who follows checks by hand what it reads.
 */
export async function followSettings(signal: AbortSignal, onSettings: (stored: unknown) => void): Promise<void> {
  onSettings(await readAndFollow(signal, onSettings));
}

async function readAndFollow(signal: AbortSignal, onSettings: (stored: unknown) => void): Promise<unknown> {
  try {
    const { local } = browser.storage;
    const onChanged = ({ settings }: Record<string, { readonly newValue?: unknown }>): void => {
      if (settings !== undefined) onSettings(settings.newValue);
    };
    local.onChanged.addListener(onChanged);
    signal.addEventListener('abort', () => local.onChanged.removeListener(onChanged), { once: true });
    return (await local.get('settings'))['settings'];
  } catch {
    return undefined;
  }
}
