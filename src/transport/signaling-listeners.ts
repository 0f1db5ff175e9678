import * as v from 'valibot';
import type { SwarmId } from '@/src/protocol/ids';
import { peerLeftSchema, relayedSchema, type RelayKind } from '@/src/protocol/signaling-events';
import type { SignalingHandlers, SignalingStatus } from './signaling-client';

/** Who listens for what on one signaling connection. */
export class SignalingListeners {
  readonly #bySwarm = new Map<SwarmId, Set<SignalingHandlers>>();

  add(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    if (signal.aborted) return;
    const listeners = this.#bySwarm.get(swarmId) ?? new Set();
    this.#bySwarm.set(swarmId, listeners.add(handlers));
    const remove = (): void => {
      listeners.delete(handlers);
      if (listeners.size === 0 && this.#bySwarm.get(swarmId) === listeners) this.#bySwarm.delete(swarmId);
    };
    signal.addEventListener('abort', remove, { once: true });
  }

  of(swarmId: SwarmId): readonly SignalingHandlers[] {
    return [...(this.#bySwarm.get(swarmId) ?? [])];
  }

  /** What a server passed on; what does not fit is ignored. */
  tellRelayed(kind: RelayKind, message: unknown): void {
    const relayed = v.safeParse(relayedSchema, message);
    if (!relayed.success) return;
    for (const handlers of this.of(relayed.output.swarmId)) handlers.onRelayed(kind, relayed.output);
  }

  tellPeerLeft(message: unknown): void {
    const left = v.safeParse(peerLeftSchema, message);
    if (!left.success) return;
    for (const handlers of this.of(left.output.swarmId)) handlers.onPeerLeft(left.output);
  }

  tellStatus(status: SignalingStatus): void {
    const everyone = [...this.#bySwarm.values()].flatMap((listeners) => [...listeners]);
    for (const handlers of everyone) handlers.onStatus(status);
  }
}
