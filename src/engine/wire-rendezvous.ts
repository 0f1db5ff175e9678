import type { Bytes } from '@/src/base/bytes';
import { randomOfferId, type OfferId, type PeerId } from '@/src/protocol/ids';
import { decodeWireSignal, encodeWireSignal, type WireSignal } from '@/src/protocol/wire-signals';
import type { PeerLink } from '@/src/transport/peer-link';
import { openDial, type Dial } from './dial';
import type { EngineOptions } from './engine-options';
import type { FailedDials } from './failed-dials';
import { hasRoomToAnswer } from './glare';
import type { EngineLimits } from './limits';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export interface WireRendezvousOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly ownId: PeerId;
  /** Negotiations of the session, however they are signaled. */
  readonly dials: Map<OfferId, Dial>;
  /** Of the session, too. */
  readonly failedDials: FailedDials;
  /** Ends with the wire. */
  readonly signal: AbortSignal;
  readonly allowHost: boolean;
  readonly rtcConfiguration: () => RTCConfiguration;
  /** How many more peers the session would like; 0 as long as it does without the native swarm. */
  readonly wanted: () => number;
  readonly isTaken: (peer: PeerId) => boolean;
  readonly onLink: (peer: PeerId, link: PeerLink, allowHost: boolean) => void;
  send(message: Bytes): void;
  /** It broke a rule of SPEC section W. */
  onOffence(reason: string): void;
}

/** Links natively with a viewer who was met in the WebTorrent swarm: the wire carries what a signaling server would (SPEC section W). */
export class WireRendezvous {
  readonly #options: WireRendezvousOptions;
  #greeted = false;
  #theirs: PeerId | undefined;
  #offering = false;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: (() => void) | undefined;

  constructor(options: WireRendezvousOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#cancelRetry?.(), { once: true });
    this.greet();
  }

  /** Once the native swarm is joined: says so, once, and links if the other side has said so, too. */
  greet(): void {
    if (this.#options.wanted() <= 0) return;
    if (!this.#greeted) this.#send({ kind: 'hello', peerId: this.#options.ownId });
    this.#greeted = true;
    void this.#offer();
  }

  /** The link was lost, or came to nothing. */
  seekSoon(): void {
    const { engine, signal } = this.#options;
    if (signal.aborted) return;
    this.#cancelRetry?.();
    this.#cancelRetry = engine.clock.after(this.#retryMs * (0.5 + engine.random() / 2), () => void this.#offer());
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  receive(message: Uint8Array): void {
    const signal = decodeWireSignal(message);
    if (signal === undefined) return this.#options.onOffence('W2: malformed');
    if (signal.kind === 'hello') return this.#onHello(signal.peerId);
    if (this.#theirs === undefined) return this.#options.onOffence('W3: not a hello first');
    if (signal.kind === 'offer') return void this.#onOffer(this.#theirs, signal.offerId, signal.text);
    void this.#onReply(this.#theirs, signal.kind, signal.offerId, signal.text);
  }

  #onHello(peer: PeerId): void {
    if (this.#theirs !== undefined) return this.#options.onOffence('W3: a second hello');
    this.#theirs = peer;
    void this.#offer();
  }

  /** SPEC W4: the smaller peer id offers. */
  async #offer(): Promise<void> {
    const { ownId, signal } = this.#options;
    const peer = this.#theirs;
    if (peer === undefined || !this.#greeted || ownId >= peer || this.#offering || signal.aborted || !this.#mayDial(peer)) return;
    if (this.#crossing(peer) !== undefined) return;
    this.#offering = true;
    const dial = this.#dial('offerer', randomOfferId(this.#options.engine.randomBytes), peer);
    try {
      this.#send({ kind: 'offer', offerId: dial.offerId, text: await dial.negotiation.createOffer() });
      await dial.negotiation.startGathering();
      dial.negotiation.sendCandidates();
    } catch (error) {
      dial.negotiation.fail(`no offer could be made: ${String(error)}`);
    } finally {
      this.#offering = false;
    }
  }

  async #onOffer(peer: PeerId, offerId: OfferId, sdp: string): Promise<void> {
    const { dials, engine, failedDials, limits, ownId } = this.#options;
    if (ownId < peer) return this.#options.onOffence('W4: an offer of the larger peer id');
    if (dials.has(offerId) || !this.#mayDial(peer) || !hasRoomToAnswer(dials, limits)) return;
    if (failedDials.rests(peer, engine.clock.now())) return;
    const crossing = this.#crossing(peer);
    // SPEC G3: theirs is the smaller peer id, so its offer stands against ours; one that is being answered already is enough.
    if (crossing?.role === 'answerer') return;
    crossing?.end();
    const dial = this.#dial('answerer', offerId, peer);
    try {
      this.#send({ kind: 'answer', offerId, text: await dial.negotiation.acceptOffer(sdp) });
      dial.negotiation.sendCandidates();
    } catch (error) {
      dial.negotiation.fail(`its offer was refused: ${String(error)}`);
    }
  }

  async #onReply(peer: PeerId, kind: 'answer' | 'ice-candidate', offerId: OfferId, text: string): Promise<void> {
    const dial = this.#options.dials.get(offerId);
    if (dial?.peer !== peer || !dial.negotiation.isPending) return;
    try {
      if (kind === 'ice-candidate') await dial.negotiation.acceptCandidates(text);
      else if (dial.role === 'offerer') await dial.negotiation.acceptAnswer(text);
    } catch (error) {
      dial.negotiation.fail(`its answer was refused: ${String(error)}`);
    }
  }

  #mayDial(peer: PeerId): boolean {
    const { dials, limits, isTaken, wanted } = this.#options;
    return wanted() > 0 && !isTaken(peer) && dials.size < limits.negotiationsPerSession;
  }

  #crossing(peer: PeerId): Dial | undefined {
    return [...this.#options.dials.values()].find((dial) => dial.peer === peer);
  }

  #dial(role: Dial['role'], offerId: OfferId, peer: PeerId): Dial {
    const { rtcConfiguration, onLink, allowHost } = this.#options;
    return openDial(
      {
        ...this.#options,
        rtcConfiguration: rtcConfiguration(),
        onLink: (_dial, link) => {
          this.#retryMs = FIRST_RETRY_MS;
          onLink(peer, link, allowHost);
        },
        onFailed: () => {
          if (role === 'answerer') this.#options.failedDials.failed(peer, this.#options.engine.clock.now());
          this.seekSoon();
        },
        onCandidates: (dial, text) => this.#send({ kind: 'ice-candidate', offerId: dial.offerId, text }),
      },
      role,
      offerId,
      peer,
    );
  }

  #send(signal: WireSignal): void {
    if (!this.#options.signal.aborted) this.#options.send(encodeWireSignal(signal));
  }
}
