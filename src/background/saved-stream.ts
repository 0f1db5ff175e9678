import { browser } from 'wxt/browser';

const MAX_NAME_CHARS = 200;
/** A worker without an event for 30 s is ended; a download that reads from it is none. Calling the browser is. */
const STAY_AWAKE_MS = 20_000;

/** The name under which a stream is to be saved instead of shown; undefined when it is to be shown. The browser makes it safe for its disk. */
export function savedAs(url: URL): string | undefined {
  const name = url.searchParams.get('save');
  if (name === null) return undefined;
  return name.slice(-MAX_NAME_CHARS).toWellFormed() || 'film';
}

/** The value of a `content-disposition` header (RFC 6266, RFC 8187). */
export function attachment(fileName: string): string {
  const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}

/** Keeps this worker alive while a download reads from it: unlike a media element, a download does not ask again. */
export function whileSaving(signal: AbortSignal): void {
  const timer = setInterval(() => void browser.runtime.getPlatformInfo(), STAY_AWAKE_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
