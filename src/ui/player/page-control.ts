/**
 * Resolves once the service worker answers this page's requests: at once in the overlay, after the worker claimed the page when a
 * tab was reloaded past the cache. A `/stream/` request sent earlier would fail.
 */
export function whenControlled(container: ServiceWorkerContainer): Promise<void> {
  return new Promise((resolve) => {
    if (container.controller !== null) resolve();
    else container.addEventListener('controllerchange', () => resolve(), { once: true });
  });
}
