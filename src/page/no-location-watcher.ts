/**
 * In place of WXT's in the script that every page loads (wxt.config.ts): it would tell of addresses that change without a load, which nothing
 * here asks for.
 */
export function createLocationWatcher(): { readonly run: () => void } {
  return { run: () => undefined };
}
