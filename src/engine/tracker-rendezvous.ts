import { randomOfferId, type InfoHash, type OfferId, type PeerId, type SwarmId } from '@/src/protocol/ids';
import type { ReplayGuard } from '@/src/protocol/replay-guard';
import { open, seal, type SealContext } from '@/src/protocol/seal';
import { decodeWholeSignal, encodeWholeSignal, type WholeSignal } from '@/src/protocol/whole-signals';
import type { PeerLink } from '@/src/transport/peer-link';
import { SwarmTracker } from '@/src/transport/swarm-tracker';
import type { TrackerOffer } from '@/src/transport/tracker-messages';
import { CandidateCollector } from './candidate-collector';
import { openDial, type Dial } from './dial';
import type { EngineOptions } from './engine-options';
import type { FailedDials } from './failed-dials';
import { hasRoomToAnswer, losesGlare, yieldsToOffer } from './glare';
import type { EngineLimits } from './limits';

const OFFERS_PER_ANNOUNCE = 3;
/** Once somebody is linked: a browser takes some 10 ms for each, and others offer as well. */
const OFFERS_WHEN_SETTLED = 1;

export interface TrackerRendezvousOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly infoHash: InfoHash;
  readonly swarmId: SwarmId;
  readonly ownId: PeerId;
  readonly url: string;
  readonly typedByViewer: boolean;
  readonly replayGuard: ReplayGuard;
  readonly signal: AbortSignal;
  readonly allowHost: boolean;
  rtcConfiguration(): RTCConfiguration;
  /** Negotiations of the session, whoever carries them. */
  readonly dials: Map<OfferId, Dial>;
  /** Offers nobody has taken yet, at all trackers of the session. */
  readonly offered: Map<OfferId, Dial>;
  readonly failedDials: FailedDials;
  wanted(): number;
  isTaken(peer: PeerId): boolean;
  /** Somebody is linked. */
  isSettled(): boolean;
  onLink(peer: PeerId, link: PeerLink, allowHost: boolean): void;
  onStatus(): void;
}

/** Meets the members of one swarm through one WebTorrent tracker (SPEC section T). */
export class TrackerRendezvous {
  readonly tracker: SwarmTracker;
  readonly #options: TrackerRendezvousOptions;

  constructor(options: TrackerRendezvousOptions) {
    this.#options = options;
    const { engine, url, typedByViewer, swarmId, ownId, signal } = options;
    this.tracker = new SwarmTracker({
      url,
      typedByViewer,
      swarmId,
      peerId: ownId,
      signal,
      clock: engine.clock,
      random: () => engine.random(),
      prepareOffers: () => this.#prepareOffers(),
      onUntaken: (offers) => {
        for (const { offerId } of offers) options.offered.get(offerId)?.end();
      },
      isSettled: () => options.isSettled(),
      onOffer: (from, offerId, sealed) => void this.#onOffer(from, offerId, sealed),
      onAnswer: (from, offerId, sealed) => void this.#onAnswer(from, offerId, sealed),
      onStatus: () => options.onStatus(),
    });
  }

  async #prepareOffers(): Promise<readonly TrackerOffer[]> {
    const { limits, offered } = this.#options;
    const most = this.#options.isSettled() ? OFFERS_WHEN_SETTLED : OFFERS_PER_ANNOUNCE;
    const count = Math.min(most, this.#options.wanted(), limits.negotiationsPerSession - offered.size);
    const offers = await Promise.all(Array.from({ length: Math.max(0, count) }, () => this.#prepareOffer()));
    return offers.filter((offer) => offer !== undefined);
  }

  /** Undefined when the browser makes no connection: it refuses an ICE server, or has too many connections. */
  async #prepareOffer(): Promise<TrackerOffer | undefined> {
    const { engine, offered } = this.#options;
    let dial: Dial | undefined;
    try {
      const collector = this.#collector();
      dial = this.#dial('offerer', randomOfferId(engine.randomBytes), undefined, offered, collector);
      const { offerId, negotiation } = dial;
      const sdp = await negotiation.createOffer();
      await negotiation.startGathering();
      negotiation.sendCandidates();
      const signal = { sdp, candidates: [...(await collector.collect())] };
      return negotiation.isPending ? { offerId, sdp: this.#seal('offer', offerId, undefined, signal) } : undefined;
    } catch (error) {
      engine.logger.warn('no offer could be made', { reason: String(error) });
      dial?.end();
      return undefined;
    }
  }

  async #onOffer(from: PeerId, offerId: OfferId, sealed: string): Promise<void> {
    const { dials, engine, failedDials, limits, offered, ownId } = this.#options;
    if (failedDials.rests(from, engine.clock.now()) || this.#options.isTaken(from) || this.#options.wanted() <= 0) return;
    if (dials.has(offerId) || offered.has(offerId)) return;
    const signal = this.#open('offer', offerId, from, undefined, sealed);
    if (signal === undefined || !yieldsToOffer(dials, ownId, from) || !hasRoomToAnswer(dials, limits)) return;
    let dial: Dial | undefined;
    try {
      const collector = this.#collector();
      dial = this.#dial('answerer', offerId, from, dials, collector);
      const sdp = await dial.negotiation.acceptOffer(signal.sdp);
      dial.negotiation.sendCandidates();
      for (const batch of signal.candidates) await dial.negotiation.acceptCandidates(batch);
      const answer = { sdp, candidates: [...(await collector.collect())] };
      if (dial.negotiation.isPending) this.tracker.answer(from, offerId, this.#seal('answer', offerId, from, answer));
    } catch (error) {
      dial?.negotiation.fail(`its offer was refused: ${String(error)}`);
    }
  }

  async #onAnswer(from: PeerId, offerId: OfferId, sealed: string): Promise<void> {
    const { dials, limits, offered, ownId } = this.#options;
    const dial = offered.get(offerId);
    if (dial === undefined || !dial.negotiation.isPending) return;
    const signal = this.#open('answer', offerId, from, ownId, sealed);
    if (signal === undefined) return;
    // Until now it was nobody's: from here on it is one of those under way (SPEC G4).
    offered.delete(offerId);
    dial.peer = from;
    const isUnwanted = this.#options.isTaken(from) || this.#options.wanted() <= 0 || dials.size >= limits.negotiationsPerSession;
    if (isUnwanted || losesGlare(dials, ownId, from, dial)) return dial.end();
    dials.set(offerId, dial);
    try {
      await dial.negotiation.acceptAnswer(signal.sdp);
      for (const batch of signal.candidates) await dial.negotiation.acceptCandidates(batch);
    } catch (error) {
      dial.negotiation.fail(`its answer was refused: ${String(error)}`);
    }
  }

  #collector(): CandidateCollector {
    return new CandidateCollector(this.#options.engine.clock, (this.#options.rtcConfiguration().iceServers ?? []).length > 0);
  }

  #dial(role: Dial['role'], offerId: OfferId, peer: PeerId | undefined, dials: Map<OfferId, Dial>, collector: CandidateCollector): Dial {
    const { engine, limits, signal, allowHost, failedDials } = this.#options;
    return openDial(
      {
        engine,
        limits,
        dials,
        signal,
        rtcConfiguration: this.#options.rtcConfiguration(),
        allowHost,
        onLink: (dial, link) => {
          this.#options.dials.delete(dial.offerId);
          if (dial.peer === undefined) link.close('nobody was expected');
          else this.#options.onLink(dial.peer, link, allowHost);
        },
        onFailed: (dial) => {
          this.#options.dials.delete(dial.offerId);
          if (dial.peer === undefined || signal.aborted) return;
          if (dial.role === 'answerer') failedDials.failed(dial.peer, engine.clock.now());
          if (!this.#options.isTaken(dial.peer)) this.tracker.retry();
        },
        onCandidates: (_dial, batch) => collector.add(batch),
      },
      role,
      offerId,
      peer,
    );
  }

  #seal(kind: 'offer' | 'answer', offerId: OfferId, to: PeerId | undefined, signal: WholeSignal): string {
    const { engine, ownId } = this.#options;
    return seal(this.#context(kind, offerId, ownId, to), encodeWholeSignal(signal), engine.randomBytes);
  }

  #open(kind: 'offer' | 'answer', offerId: OfferId, from: PeerId, to: PeerId | undefined, sealed: string): WholeSignal | undefined {
    const text = open(this.#context(kind, offerId, from, to), sealed, this.#options.replayGuard);
    return text === undefined ? undefined : decodeWholeSignal(text);
  }

  #context(kind: 'offer' | 'answer', offerId: OfferId, from: PeerId, to: PeerId | undefined): SealContext {
    const { infoHash, swarmId } = this.#options;
    return { infoHash, swarmId, kind, from, offerId, to };
  }
}
