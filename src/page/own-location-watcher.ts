/**
 * In place of WXT's watcher of addresses in the script that every page loads (wxt.config.ts): it is there for `wxt:locationchange`, which nothing
 * in that script listens to.
 */
export function createLocationWatcher(): { run(): void } {
  return { run: () => undefined };
}
