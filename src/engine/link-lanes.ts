import type { PeerId } from '@/src/protocol/ids';
import { MAX_LANES, MAX_LANE_TEXT_BYTES, type LaneMessage } from '@/src/protocol/peer-messages';
import type { Negotiation } from '@/src/transport/negotiation';
import type { PeerLink } from '@/src/transport/peer-link';
import { negotiate } from './dial';
import type { EngineOptions } from './engine-options';
import type { LaneRoom } from './lane-room';

/** A peer that asks for lanes over and over is refused until this is over. */
const OFFERS_WITHIN_MS = 30_000;
const MAX_OFFERS = 2 * MAX_LANES;
/** A path that took one connection and no other will not take the next. */
const MAX_FAILURES = 2;

export interface LinkLanesOptions {
  readonly engine: Pick<EngineOptions, 'createConnection' | 'createNegotiation' | 'clock' | 'logger'>;
  readonly ownId: PeerId;
  readonly peerId: PeerId;
  readonly room: LaneRoom;
  /** A lane that is not open by then is given up. */
  readonly timeoutMs: number;
  /** As for the first connection (SPEC G6, G7). */
  readonly allowHost: boolean;
  rtcConfiguration(): RTCConfiguration;
  send(message: LaneMessage): void;
  /** One is open; `onClose` is to be called once it is closed. */
  onOpen(link: PeerLink, onClose: () => void): void;
  /** It broke a rule of SPEC L6. */
  onOffence(reason: string): void;
  /** What they said changed nothing (SPEC L8). */
  onIdle(): void;
}

interface Lane {
  readonly role: 'offerer' | 'answerer';
  readonly negotiation: Negotiation;
  /** Once it is open. */
  link: PeerLink | undefined;
  cancelTimeout(): void;
}

/** The connections of one link beside its first, set up through that one (SPEC L5, L6). */
export class LinkLanes {
  readonly #options: LinkLanesOptions;
  readonly #lanes = new Map<number, Lane>();
  readonly #firstOwn: number;
  #offersAtMs: number[] = [];
  #failures = 0;

  constructor(options: LinkLanesOptions) {
    this.#options = options;
    this.#firstOwn = firstNumber(options.ownId < options.peerId);
  }

  /** Open, or being set up, by either side. */
  get count(): number {
    return this.#lanes.size;
  }

  /** Opens what is missing; 0 closes all. */
  want(count: number): void {
    if (count === 0) return this.closeAll('the link was idle');
    for (let lane = this.#firstOwn; lane < this.#firstOwn + MAX_LANES && this.count < count; lane++) {
      if (this.#failures >= MAX_FAILURES) return;
      if (!this.#lanes.has(lane) && this.#options.room.take()) void this.#offer(lane);
    }
  }

  receive(message: LaneMessage): void {
    const { lane } = message;
    const known = this.#lanes.get(lane);
    switch (message.type) {
      case 'lane-offer':
        if (known !== undefined || !this.#isTheirs(lane)) return this.#options.onOffence('L6: a lane that is not theirs to offer');
        return void this.#answer(lane, message.text);
      case 'lane-answer':
        // It may have crossed our giving up.
        if (known === undefined || !known.negotiation.isPending) return this.#options.onIdle();
        if (known.role === 'answerer') return this.#options.onOffence('L6: an answer to their own offer');
        return void known.negotiation.acceptAnswer(message.text).catch((error: unknown) => known.negotiation.fail(String(error)));
      case 'lane-candidates':
        if (known?.negotiation.isPending !== true) return this.#options.onIdle();
        return void known.negotiation.acceptCandidates(message.text);
      case 'lane-close':
        if (known === undefined) return this.#options.onIdle();
        if (known.link !== undefined) known.link.close('the peer closed the lane');
        else known.negotiation.fail('the peer has no room for it');
    }
  }

  closeAll(reason: string): void {
    for (const [number, lane] of this.#lanes) {
      if (lane.link === undefined) lane.negotiation.fail(reason);
      else {
        this.#options.send({ type: 'lane-close', lane: number });
        lane.link.close(reason);
      }
    }
  }

  async #offer(number: number): Promise<void> {
    const lane = this.#open(number, 'offerer');
    if (lane === undefined) return;
    try {
      const offer = await lane.negotiation.createOffer();
      if (!lane.negotiation.isPending) return;
      this.#options.send({ type: 'lane-offer', lane: number, text: offer });
      await lane.negotiation.startGathering();
      lane.negotiation.sendCandidates();
    } catch (error) {
      lane.negotiation.fail(`no offer could be made: ${String(error)}`);
    }
  }

  async #answer(number: number, offer: string): Promise<void> {
    if (!this.#mayAnswer()) {
      this.#options.onIdle();
      return this.#options.send({ type: 'lane-close', lane: number });
    }
    const lane = this.#open(number, 'answerer');
    if (lane === undefined) return this.#options.send({ type: 'lane-close', lane: number });
    try {
      const answer = await lane.negotiation.acceptOffer(offer);
      if (!lane.negotiation.isPending) return;
      this.#options.send({ type: 'lane-answer', lane: number, text: answer });
      lane.negotiation.sendCandidates();
    } catch (error) {
      this.#options.send({ type: 'lane-close', lane: number });
      lane.negotiation.fail(`its offer was refused: ${String(error)}`);
    }
  }

  #mayAnswer(): boolean {
    const nowMs = this.#options.engine.clock.now();
    this.#offersAtMs = [...this.#offersAtMs.filter((atMs) => nowMs - atMs < OFFERS_WITHIN_MS), nowMs].slice(-MAX_OFFERS - 1);
    return this.#offersAtMs.length <= MAX_OFFERS && this.count < MAX_LANES && this.#options.room.take();
  }

  /** Room was taken for it; undefined when the browser makes no connection. */
  #open(number: number, role: Lane['role']): Lane | undefined {
    const { engine, room, allowHost, timeoutMs } = this.#options;
    const forget = (): void => {
      if (this.#lanes.get(number) !== lane) return;
      this.#lanes.delete(number);
      lane.cancelTimeout();
      room.give();
    };
    let negotiation: Negotiation;
    try {
      negotiation = negotiate(engine, this.#options.rtcConfiguration(), {
        clock: engine.clock,
        allowHost,
        onLink: (link) => {
          lane.cancelTimeout();
          lane.link = link;
          this.#options.onOpen(link, forget);
        },
        onFailed: (reason) => {
          forget();
          this.#failures++;
          engine.logger.debug('a lane came to nothing', { reason });
        },
        onCandidates: (batch) => {
          if (batch.length <= MAX_LANE_TEXT_BYTES) this.#options.send({ type: 'lane-candidates', lane: number, text: batch });
        },
      });
    } catch (error) {
      room.give();
      this.#failures++;
      engine.logger.debug('no connection for a lane', { reason: String(error) });
      return undefined;
    }
    const cancelTimeout = engine.clock.after(timeoutMs, () => negotiation.fail('no connection in time'));
    const lane: Lane = { role, negotiation, link: undefined, cancelTimeout };
    this.#lanes.set(number, lane);
    return lane;
  }

  #isTheirs(lane: number): boolean {
    const first = firstNumber(this.#options.peerId < this.#options.ownId);
    return lane >= first && lane < first + MAX_LANES;
  }
}

/** Both sides may offer at once: each has numbers of its own. */
function firstNumber(isSmaller: boolean): number {
  return isSmaller ? 1 : 1 + MAX_LANES;
}
