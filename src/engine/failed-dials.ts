import type { PeerId } from '@/src/protocol/ids';

/** A second try often works. */
const FAILURES_FORGIVEN = 1;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 600_000;
/** Ids cost nothing: the oldest are forgotten. */
const MAX_REMEMBERED = 1000;

/**
 * Peers whose offers led nowhere (SPEC G4). No more of them are answered for a while, longer each time: else a few who never connect would
 * hold all the negotiations a session may have. Our own offers to them are our affair, so that a network that was away for a while costs
 * nobody anything.
 */
export class FailedDials {
  readonly #failures = new Map<PeerId, { readonly count: number; readonly restsUntilMs: number }>();

  failed(peer: PeerId, nowMs: number): void {
    const count = (this.#failures.get(peer)?.count ?? 0) + 1;
    const restMs = count <= FAILURES_FORGIVEN ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (count - FAILURES_FORGIVEN - 1));
    this.#failures.delete(peer);
    this.#failures.set(peer, { count, restsUntilMs: nowMs + restMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  linked(peer: PeerId): void {
    this.#failures.delete(peer);
  }

  rests(peer: PeerId, nowMs: number): boolean {
    return (this.#failures.get(peer)?.restsUntilMs ?? 0) > nowMs;
  }
}
