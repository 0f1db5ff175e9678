/**
 * How one context learns that another has died. A MessagePort says nothing when the document or worker at its other end is destroyed, so
 * every long-lived context holds a Web Lock of its own name, and whoever depends on it queues for that lock: the browser
 * grants it at the moment the holder is gone, however it went. Costs no timer and no message.
 */
export async function announcePresence(kind: string, signal: AbortSignal): Promise<string> {
  const name = `lodestream-${kind}:${crypto.randomUUID()}`;
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // Only a lock already held may be named to others: a request for a free lock is granted at once and would read as a death.
  await new Promise<void>((held, failed) => {
    navigator.locks
      .request(name, () => {
        held();
        return aborted;
      })
      .catch(failed);
  });
  return name;
}

/** Resolves once the holder of the name is gone; never when the signal aborts first. */
export function onceGone(name: string, signal: AbortSignal, gone: () => void): void {
  navigator.locks
    .request(name, { signal }, () => {
      if (!signal.aborted) gone();
    })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
}
