import { toHex } from '@/src/base/bytes';
import type { InfoHash, OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { randomOfferId } from '@/src/protocol/ids';
import { takePushGrant, withPushGrant, type PushGrant } from '@/src/protocol/push-grant';
import type { ReplayGuard } from '@/src/protocol/replay-guard';
import { open, seal, type SealContext, type SealKind } from '@/src/protocol/seal';
import type { LentRelay, PeerLeft, Relayed, RelayKind } from '@/src/protocol/signaling-events';
import { isPrivateServer } from '@/src/transport/candidate-filter';
import type { PeerLink } from '@/src/transport/peer-link';
import type { SignalingClient, SignalingStatus } from '@/src/transport/signaling-client';
import { openDial, type Dial } from './dial';
import type { EngineOptions } from './engine-options';
import type { FailedDials } from './failed-dials';
import { GIVEN_UP_AFTER_MS, hasRoomToAnswer, losesGlare, yieldsToOffer } from './glare';
import type { EngineLimits } from './limits';
import type { Courier, PathKeeper } from './path-keeper';
import { FIRST_OFFERS } from './spare-offers';

const OFFERS_PER_ANNOUNCE = 5;
/** After a failed negotiation or a lost link: announce again after 1 s, doubling to 30 s, jittered. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
/**
 * An offer that nobody has answered by then is lost, or its taker is: others are asked, and the same one again, long before the negotiation's
 * own time is over. A peer answers at once; this is some round trips and a busy machine.
 */
const ANSWERED_WITHIN_MS = 5000;

export interface RendezvousOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly infoHash: InfoHash;
  readonly swarmId: SwarmId;
  readonly ownId: PeerId;
  readonly resumeToken: string;
  readonly client: SignalingClient;
  readonly replayGuard: ReplayGuard;
  readonly signal: AbortSignal;
  rtcConfiguration(): RTCConfiguration;
  readonly allowLocalPeers: boolean;
  /** Negotiations under way over all servers, shared by them. */
  readonly dials: Map<OfferId, Dial>;
  /** How many more peers the session would like. */
  wanted(): number;
  /** Peers that are linked, or not to be linked again. */
  isTaken(peer: PeerId): boolean;
  takenPeers(): readonly PeerId[];
  /** What the next offer's taker may send unasked; undefined for nothing. */
  pushGrant?(): PushGrant | undefined;
  /** @param allowHost host candidates went and were taken (SPEC G6, G7) */
  onLink(peer: PeerId, link: PeerLink, allowHost: boolean, dial: Pick<Dial, 'role' | 'grant'>): void;
  /** Whose offers led nowhere, shared by all servers. */
  readonly failedDials?: FailedDials;
  /** Of links that are there: what their peers offer is a restart (SPEC section R). */
  readonly paths?: PathKeeper;
  onStatus(): void;
  /** The server lends TURN servers. */
  onRelays?(relays: readonly LentRelay[]): void;
  /** The server answered, or could not be reached. @param found members that took an offer */
  onAsked(found: number): void;
}

interface PreparedOffer {
  readonly dial: Dial;
  readonly sealed: string;
}

/** Meets the members of one swarm at one signaling server and negotiates with them (SPEC section G). */
export class Rendezvous implements Courier {
  readonly #options: RendezvousOptions;
  readonly #allowHost: boolean;
  #announcing = false;
  #offersPerAnnounce = FIRST_OFFERS;
  /** Made while the server is being reached. */
  #earlyOffers: Promise<readonly PreparedOffer[]> | undefined;
  #cancelTimer: (() => void) | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: RendezvousOptions) {
    this.#options = options;
    this.#allowHost = options.allowLocalPeers || isPrivateServer(options.client.url);
    const { client, swarmId, signal } = options;
    signal.addEventListener('abort', () => {
      this.#cancelTimer?.();
      if (client.status.kind === 'connected') client.leave(swarmId);
    });
    client.listen(
      swarmId,
      {
        onStatus: (status) => this.#onStatus(status),
        onRelayed: (kind, message) => void this.#onRelayed(kind, message),
        onPeerLeft: (message) => this.#onPeerLeft(message),
      },
      signal,
    );
    client.connect();
    if (client.status.kind === 'connected') void this.#announce();
    else this.#earlyOffers = this.#prepareOffers();
  }

  get client(): SignalingClient {
    return this.#options.client;
  }

  get infoHash(): InfoHash {
    return this.#options.infoHash;
  }

  /** A peer was lost: look for others soon, but not at once over and over. */
  seekSoon(): void {
    const { engine } = this.#options;
    this.#schedule(this.#retryMs * (0.5 + engine.random() / 2));
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  /** Asks now, if the server is there. */
  retry(): void {
    this.#retryMs = FIRST_RETRY_MS;
    void this.#announce();
  }

  carry(kind: 'restart' | 'answer' | 'ice-candidate', to: PeerId, offerId: OfferId, text: string): Promise<void> {
    const { client, swarmId } = this.#options;
    return client.relay(kind === 'restart' ? 'offer' : kind, { to, swarmId, offerId, sealed: this.#seal(kind, offerId, to, text) });
  }

  /** SPEC R5: offers to one peer. False when it cannot be reached here. */
  async dialAnew(peer: PeerId): Promise<boolean> {
    const { client, dials, engine, limits } = this.#options;
    if (client.status.kind !== 'connected' || this.#options.isTaken(peer) || this.#options.wanted() <= 0) return false;
    if (dials.size >= limits.negotiationsPerSession || [...dials.values()].some((dial) => dial.peer === peer)) return false;
    let dial: Dial | undefined;
    try {
      dial = this.#dial('offerer', randomOfferId(engine.randomBytes), peer);
      await this.#relay('offer', dial, await dial.negotiation.createOffer());
    } catch (error) {
      dial?.negotiation.fail(`the peer could not be dialled anew: ${String(error)}`);
      return false;
    }
    await this.#aim(dial, peer);
    return true;
  }

  #onStatus(status: SignalingStatus): void {
    this.#options.onStatus();
    if (status.kind === 'connected') void this.#announce();
    else if (status.kind === 'unreachable') {
      this.#withdrawEarlyOffers();
      this.#options.onAsked(0);
    }
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.engine.clock.after(delayMs, () => void this.#announce());
  }

  async #announce(): Promise<void> {
    const { engine, client, swarmId, ownId, resumeToken, dials, signal } = this.#options;
    if (this.#announcing || signal.aborted || client.status.kind !== 'connected') return;
    this.#announcing = true;
    const prepared = await (this.#earlyOffers ?? this.#prepareOffers());
    this.#earlyOffers = undefined;
    const offers = prepared.filter(({ dial }) => dial.negotiation.isPending);
    // Who announces after having left stays a member that nobody reaches.
    if (signal.aborted) {
      this.#announcing = false;
      return;
    }
    let nextMs = LONGEST_RETRY_MS;
    let relays: readonly LentRelay[] | undefined;
    try {
      const busy = [...dials.values()].flatMap(({ peer }) => peer ?? []);
      const answer = await client.announce({
        swarmId,
        peerId: ownId,
        resumeToken,
        want: offers.length,
        offers: offers.map(({ dial, sealed }) => ({ offerId: dial.offerId, sealed })),
        skip: [...this.#options.takenPeers(), ...busy].slice(0, 150),
      });
      this.#options.onAsked(answer.peers.length);
      ({ relays } = answer);
      nextMs = this.#hasMore(offers.length, answer.peers.length) ? 0 : answer.intervalSeconds * 1000;
      for (const { peerId, offerId } of answer.peers) {
        const offer = offers.find(({ dial }) => dial.offerId === offerId);
        if (offer !== undefined && offer.dial.peer === undefined) void this.#aim(offer.dial, peerId);
      }
    } catch (error) {
      engine.logger.warn('announce failed', { reason: String(error) });
      this.#options.onAsked(0);
    } finally {
      for (const { dial } of offers) if (dial.peer === undefined) dial.end();
      this.#announcing = false;
    }
    if (signal.aborted) return;
    this.#schedule(nextMs);
    // Who could connect to nobody without them announces anew, with offers.
    if (relays !== undefined) this.#options.onRelays?.(relays);
  }

  /** Whether somebody took each of the first few offers, so that there may be others. */
  #hasMore(offered: number, taken: number): boolean {
    const wasFirst = this.#offersPerAnnounce === FIRST_OFFERS;
    this.#offersPerAnnounce = OFFERS_PER_ANNOUNCE;
    return wasFirst && offered > 0 && taken >= offered;
  }

  async #prepareOffers(): Promise<readonly PreparedOffer[]> {
    const { limits, dials } = this.#options;
    const room = Math.min(this.#offersPerAnnounce, this.#options.wanted(), limits.negotiationsPerSession - dials.size);
    const prepared = await Promise.all(Array.from({ length: Math.max(0, room) }, () => this.#prepareOffer()));
    return prepared.filter((offer) => offer !== undefined);
  }

  /** Other servers need the room that they take. */
  #withdrawEarlyOffers(): void {
    const early = this.#earlyOffers;
    this.#earlyOffers = undefined;
    void early?.then((offers) => offers.forEach(({ dial }) => dial.end()));
  }

  /** Undefined when the browser makes no connection: it refuses an ICE server, or has too many connections. */
  async #prepareOffer(): Promise<PreparedOffer | undefined> {
    let dial: Dial | undefined;
    try {
      dial = this.#dial('offerer', randomOfferId(this.#options.engine.randomBytes), undefined);
      const description = await dial.negotiation.createOffer();
      dial.grant = this.#options.pushGrant?.();
      const text = dial.grant === undefined ? description : withPushGrant(description, dial.grant);
      return { dial, sealed: this.#seal('offer', dial.offerId, undefined, text) };
    } catch (error) {
      this.#options.engine.logger.warn('no offer could be made', { reason: String(error) });
      dial?.end();
      return undefined;
    }
  }

  /** The offer went to this peer: only now gathering starts, so an offer nobody took touches no network. */
  async #aim(dial: Dial, peer: PeerId): Promise<void> {
    if (!dial.negotiation.isPending) return;
    if (this.#options.isTaken(peer)) return dial.end();
    dial.peer = peer;
    if (losesGlare(this.#options.dials, this.#options.ownId, peer, dial)) return dial.end();
    this.#options.engine.clock.after(ANSWERED_WITHIN_MS, () => {
      if (!dial.isAnswered) dial.negotiation.fail('no answer in time');
    });
    try {
      await dial.negotiation.startGathering();
      dial.negotiation.sendCandidates();
    } catch (error) {
      dial.negotiation.fail(`its offer could not be applied: ${String(error)}`);
    }
  }

  async #onRelayed(kind: RelayKind, message: Relayed): Promise<void> {
    const { from, offerId, sealed } = message;
    if (kind === 'offer') return this.#onOffer(message);
    const dial = this.#options.dials.get(offerId);
    if (dial === undefined) return this.#onRestartReply(kind, message);
    if ((dial.peer ?? from) !== from || !dial.negotiation.isPending) return;
    if (kind === 'answer' && dial.role !== 'offerer') return;
    const text = open(this.#context(kind, offerId, from, this.#options.ownId), sealed, this.#options.replayGuard);
    if (text === undefined) return;
    try {
      if (kind === 'ice-candidate') return await dial.negotiation.acceptCandidates(text);
      // The answer can overtake the acknowledgement that names its sender.
      if (dial.peer === undefined) await this.#aim(dial, from);
      dial.isAnswered = true;
      await dial.negotiation.acceptAnswer(text);
    } catch (error) {
      dial.negotiation.fail(`its answer was refused: ${String(error)}`);
    }
  }

  /** SPEC R2, R4, R5. */
  #onOfferOfLinked({ from, offerId, sealed }: Relayed, paths: PathKeeper): Promise<void> | undefined {
    const { ownId, replayGuard } = this.#options;
    if (!paths.admitsOffer(from)) return undefined;
    const restart = open(this.#context('restart', offerId, from, ownId), sealed, replayGuard);
    if (restart !== undefined) return paths.receiveOffer(from, offerId, restart, this);
    const text = open(this.#context('offer', offerId, from, ownId), sealed, replayGuard);
    return text !== undefined && paths.replace(from) ? this.#answerOffer(from, offerId, text) : undefined;
  }

  async #onRestartReply(kind: 'answer' | 'ice-candidate', { from, offerId, sealed }: Relayed): Promise<void> {
    const { paths, ownId, replayGuard } = this.#options;
    if (paths?.expects(from, offerId) !== true) return;
    const text = open(this.#context(kind, offerId, from, ownId), sealed, replayGuard);
    if (text !== undefined) await paths.receive(kind, from, text);
  }

  async #onOffer(message: Relayed): Promise<void> {
    const { dials, engine, failedDials, ownId, replayGuard, paths } = this.#options;
    const { from, offerId, sealed } = message;
    if (paths?.knows(from) === true) return this.#onOfferOfLinked(message, paths);
    if (failedDials?.rests(from, engine.clock.now()) === true) return;
    if (from === ownId || this.#options.isTaken(from) || dials.has(offerId) || this.#options.wanted() <= 0) return;
    const text =
      open(this.#context('offer', offerId, from, undefined), sealed, replayGuard) ??
      open(this.#context('offer', offerId, from, ownId), sealed, replayGuard);
    if (text !== undefined) await this.#answerOffer(from, offerId, text);
  }

  async #answerOffer(from: PeerId, offerId: OfferId, text: string): Promise<void> {
    const { dials, engine, limits, ownId } = this.#options;
    if (!yieldsToOffer(dials, ownId, from, engine.clock.now() - GIVEN_UP_AFTER_MS) || !hasRoomToAnswer(dials, limits)) return;
    let dial: Dial | undefined;
    try {
      dial = this.#dial('answerer', offerId, from);
      const { description, grant } = takePushGrant(text);
      dial.grant = grant;
      const answer = await dial.negotiation.acceptOffer(description);
      // Candidates do not wait until the server says that it has the answer: that takes a round trip.
      const relayed = this.#relay('answer', dial, answer);
      dial.negotiation.sendCandidates();
      await relayed;
    } catch (error) {
      const reason = String(error);
      if (dial === undefined) this.#options.engine.logger.warn('no answer could be made', { reason });
      else dial.negotiation.fail(`its offer was refused: ${reason}`);
    }
  }

  #onPeerLeft({ peerId }: PeerLeft): void {
    for (const dial of this.#options.dials.values()) if (dial.peer === peerId) dial.negotiation.fail('the peer left');
  }

  #dial(role: Dial['role'], offerId: OfferId, peer: PeerId | undefined): Dial {
    const { engine, limits, dials, signal } = this.#options;
    return openDial(
      {
        engine,
        limits,
        dials,
        signal,
        rtcConfiguration: this.#options.rtcConfiguration(),
        allowHost: this.#allowHost,
        onLink: (dial, link) => {
          this.#retryMs = FIRST_RETRY_MS;
          if (dial.peer === undefined) link.close('nobody was expected');
          else this.#options.onLink(dial.peer, link, this.#allowHost, dial);
        },
        onFailed: (dial) => {
          if (dial.peer === undefined || signal.aborted) return;
          if (dial.role === 'answerer') this.#options.failedDials?.failed(dial.peer, engine.clock.now());
          this.seekSoon();
        },
        onCandidates: (dial, batch) => void this.#relay('ice-candidate', dial, batch).catch(() => undefined),
      },
      role,
      offerId,
      peer,
    );
  }

  async #relay(kind: RelayKind, dial: Dial, text: string): Promise<void> {
    const { client, swarmId } = this.#options;
    if (dial.peer === undefined) return;
    await client.relay(kind, { to: dial.peer, swarmId, offerId: dial.offerId, sealed: this.#seal(kind, dial.offerId, dial.peer, text) });
  }

  #seal(kind: SealKind, offerId: OfferId, to: PeerId | undefined, text: string): string {
    return seal(this.#context(kind, offerId, this.#options.ownId, to), text, this.#options.engine.randomBytes);
  }

  #context(kind: SealKind, offerId: OfferId, from: PeerId, to: PeerId | undefined): SealContext {
    const { infoHash, swarmId } = this.#options;
    return { infoHash, swarmId, kind, from, offerId, to };
  }
}

/** Proves to a server that a later connection is the same peer. */
export function randomResumeToken(engine: EngineOptions): string {
  return toHex(engine.randomBytes(32));
}
