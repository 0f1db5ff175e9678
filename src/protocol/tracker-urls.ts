const MAX_URLS = 100;
const MAX_SIGNALING_URLS = 3;
const MAX_URL_CHARS = 2000;
/** A name of 253 characters, a colon and a port. */
export const MAX_HOST_CHARS = 259;

/** After the first character of the host anything printable may follow; one character class after another keeps the match linear. */
const TRACKER = /^(?:wss?|https?|udp):\/\/[^\s\p{C}/?#][^\s\p{C}]*$/iu;
const SIGNALING = /^(?:wss?|https?):\/\/[^\s\p{C}/?#][^\s\p{C}]*$/iu;
const WEB_SEED = /^https?:\/\/[^\s\p{C}/?#][^\s\p{C}]*$/iu;

/** Tracker addresses worth keeping, once each, at most 100. Where they lead is checked by whoever connects. */
export function keepTrackerUrls(urls: readonly string[]): string[] {
  return keep(urls, TRACKER);
}

/** Web seed addresses worth keeping, once each, at most 100. Where they lead is checked by whoever connects. */
export function keepWebSeedUrls(urls: readonly string[]): string[] {
  return keep(urls, WEB_SEED);
}

/** Addresses of signaling servers worth keeping, once each, at most three: each costs the viewer a question. */
export function keepSignalingUrls(urls: readonly string[]): string[] {
  return keep(urls, SIGNALING, MAX_SIGNALING_URLS);
}

/** Browsers reach trackers by WebSocket alone. */
export function isBrowserTracker(url: string): boolean {
  return /^wss?:/i.test(url);
}

function keep(urls: readonly string[], pattern: RegExp, maxUrls = MAX_URLS): string[] {
  const kept = new Set<string>();
  for (const url of urls) {
    if (kept.size === maxUrls) break;
    if (url.length <= MAX_URL_CHARS && pattern.test(url)) kept.add(url);
  }
  return [...kept];
}
