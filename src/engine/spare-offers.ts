import type { EngineSettings } from '@/src/protocol/engine-api';
import { rehearseSeal } from '@/src/protocol/seal';
import { isPrivateServer } from '@/src/transport/candidate-filter';
import type { Negotiation, NegotiationOptions } from '@/src/transport/negotiation';
import type { SignalingClient } from '@/src/transport/signaling-client';
import { negotiate } from './dial';
import type { EngineOptions } from './engine-options';

/** A browser takes some 10 ms for each: the first announce does not wait for more than these, and if all are taken the next follows at once. */
export const FIRST_OFFERS = 2;

/** Of a press that becomes no click. */
const KEPT_MS = 10_000;

interface SpareOffer {
  readonly key: string;
  readonly negotiation: Negotiation;
  adopt(owner: NegotiationOptions): void;
}

/**
 * Negotiations whose offers are made before anybody asks for them: each takes a browser some ten milliseconds, the first one longer, just
 * when it has a player to show as well. An offer that goes nowhere touches no network (SPEC G1).
 */
export class SpareOffers {
  readonly #engine: EngineOptions;
  #isRehearsed = false;
  #spares: SpareOffer[] = [];
  #cancelEnd: (() => void) | undefined;

  constructor(engine: EngineOptions) {
    this.#engine = engine;
  }

  /** Has what the first announce at the first of these servers takes, and lets go of what does not fit. Without one, just wakes the browser's WebRTC. */
  prepare(
    servers: readonly Pick<SignalingClient, 'url'>[],
    { allowLocalPeers }: Pick<EngineSettings, 'allowLocalPeers'>,
    configuration: RTCConfiguration,
  ): void {
    const [server] = servers;
    const allowHost = allowLocalPeers || (server !== undefined && isPrivateServer(server.url));
    const key = keyOf(configuration, allowHost);
    this.#end((spare) => spare.key !== key);
    if (!this.#isRehearsed) rehearseSeal(this.#engine.randomBytes);
    this.#isRehearsed = true;
    const count = server === undefined ? 1 : FIRST_OFFERS;
    try {
      while (this.#spares.length < count) this.#spares.push(this.#make(key, configuration, allowHost));
    } catch (error) {
      this.#engine.logger.debug('no connection could be made ahead', { reason: String(error) });
    }
    this.#cancelEnd?.();
    this.#cancelEnd = this.#engine.clock.after(KEPT_MS, () => this.#end());
  }

  /** Undefined when none of that kind is ready. */
  take(configuration: RTCConfiguration, owner: NegotiationOptions): Negotiation | undefined {
    const key = keyOf(configuration, owner.allowHost);
    const spare = this.#spares.find((candidate) => candidate.key === key && candidate.negotiation.isPending);
    if (spare === undefined) return undefined;
    this.#spares = this.#spares.filter((other) => other !== spare);
    spare.adopt(owner);
    return spare.negotiation;
  }

  close(): void {
    this.#cancelEnd?.();
    this.#end();
  }

  #make(key: string, configuration: RTCConfiguration, allowHost: boolean): SpareOffer {
    let owner: NegotiationOptions | undefined;
    const negotiation = negotiate(this.#engine, configuration, {
      clock: this.#engine.clock,
      allowHost,
      onLink: (link) => owner?.onLink(link),
      onFailed: (reason) => owner?.onFailed(reason),
      onCandidates: (batch) => owner?.onCandidates(batch),
    });
    negotiation.createOffer().catch((error: unknown) => negotiation.fail(`no offer could be made: ${String(error)}`));
    return { key, negotiation, adopt: (options) => void (owner = options) };
  }

  #end(isUnfit: (spare: SpareOffer) => boolean = () => true): void {
    const unfit = this.#spares.filter(isUnfit);
    this.#spares = this.#spares.filter((spare) => !unfit.includes(spare));
    for (const { negotiation } of unfit) negotiation.fail('nobody needed it');
  }
}

function keyOf(configuration: RTCConfiguration, allowHost: boolean): string {
  return JSON.stringify([configuration, allowHost]);
}
