/** In the place of the framework's, which tells content scripts of pages that change their address: nobody here listens for that. */
export function createLocationWatcher(): { readonly run: () => void } {
  return { run: () => undefined };
}
