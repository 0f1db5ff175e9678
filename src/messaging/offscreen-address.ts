const OFFSCREEN_PATH = '/offscreen.html';
const PRIVATE = '?private';

/** Only the service worker is told that its windows are private; the offscreen document learns it by its address. */
export function offscreenAddress(isPrivate: boolean): string {
  return `${OFFSCREEN_PATH}${isPrivate ? PRIVATE : ''}`;
}

export function isOffscreenDocument(url: string): boolean {
  return URL.parse(url)?.pathname === OFFSCREEN_PATH;
}

export function isPrivateWindow({ search }: { readonly search: string }): boolean {
  return search === PRIVATE;
}
