import type { SessionId } from '@/src/protocol/engine-api';

/** Lets streams wait for the session they need. */
export class SessionOpenings {
  readonly #waiting = new Map<SessionId, Set<() => void>>();

  announce(sessionId: SessionId): void {
    const waiting = this.#waiting.get(sessionId);
    this.#waiting.delete(sessionId);
    for (const opened of waiting ?? []) opened();
  }

  /** Resolves at the next announcement of the session, or when the signal aborts. */
  next(sessionId: SessionId, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(sessionId) ?? new Set();
      this.#waiting.set(sessionId, waiting.add(resolve));
      signal.addEventListener(
        'abort',
        () => {
          waiting.delete(resolve);
          if (waiting.size === 0 && this.#waiting.get(sessionId) === waiting) this.#waiting.delete(sessionId);
          resolve();
        },
        { once: true },
      );
    });
  }
}
