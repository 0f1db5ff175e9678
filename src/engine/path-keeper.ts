import type { OfferId, PeerId } from '@/src/protocol/ids';
import { randomOfferId } from '@/src/protocol/ids';
import { choosePathAction } from '@/src/scheduler/path-policy';
import type { LinkRepair } from '@/src/transport/link-repair';
import type { EngineOptions } from './engine-options';
import type { Peer } from './peer';

/** SPEC R4: of a linked peer so many offers are heard a minute; an honest one makes four for each loss. */
const MAX_OFFERS = 8;
const OFFERS_WITHIN_MS = 60_000;
/** A host that cannot tell a lost path soon takes this silence, and the peer's own word, for one. */
const SILENT_MS = 5000;

/** What carries sealed messages to one peer. */
export interface Courier {
  /** @throws when the peer cannot be reached this way */
  carry(kind: 'restart' | 'answer' | 'ice-candidate', to: PeerId, offerId: OfferId, text: string): Promise<void>;
}

export interface PathKeeperOptions {
  readonly engine: Pick<EngineOptions, 'clock' | 'logger' | 'randomBytes'>;
  /** Ways to a peer, in the order they are tried. */
  couriers(): readonly Courier[];
  /** Its path is lost, or found again: `isAway` of the peer says which. */
  onChange(peer: Peer): void;
  /** Nothing helped: the link is to be closed, and its peer dialled anew. */
  onGivenUp(peer: Peer, reason: string): void;
}

interface Kept {
  readonly peer: Peer;
  readonly repair: LinkRepair;
  lostAtMs: number | undefined;
  firstOfferAtMs: number | undefined;
  lastOfferAtMs: number | undefined;
  /** The last restart, of either side: only what belongs to it is heard. */
  offerId: OfferId | undefined;
  isOffering: boolean;
  theirOffersAtMs: number[];
  cancelTimer(): void;
}

/** Sees to the paths of all links of one swarm: restarts ICE where one is lost, and gives the link up where that does not help (SPEC section R). */
export class PathKeeper {
  readonly #options: PathKeeperOptions;
  readonly #kept = new Map<PeerId, Kept>();
  #onlineAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: PathKeeperOptions) {
    this.#options = options;
  }

  addPeer(peer: Peer): void {
    const { repair } = peer.first.link;
    if (repair === undefined) return;
    const kept: Kept = {
      peer,
      repair,
      lostAtMs: undefined,
      firstOfferAtMs: undefined,
      lastOfferAtMs: undefined,
      offerId: undefined,
      isOffering: false,
      theirOffersAtMs: [],
      cancelTimer: () => undefined,
    };
    this.#kept.set(peer.id, kept);
    repair.watch(() => this.#check(kept));
    this.#check(kept);
  }

  removePeer(peer: Peer): void {
    const kept = this.#kept.get(peer.id);
    if (kept?.peer !== peer) return;
    kept.cancelTimer();
    this.#kept.delete(peer.id);
  }

  /** The machine came back to a network. */
  online(): void {
    this.#onlineAtMs = this.#options.engine.clock.now();
    for (const kept of this.#kept.values()) this.#check(kept);
  }

  /** A way to the peers is open again: what could not be sent is sent now. */
  reachable(): void {
    for (const kept of this.#kept.values()) {
      if (kept.lostAtMs === undefined || kept.offerId !== undefined || kept.firstOfferAtMs === undefined) continue;
      void this.#restart(kept);
    }
  }

  knows(peer: PeerId): boolean {
    return this.#kept.has(peer);
  }

  /** SPEC R4: whether one more offer of a linked peer is looked at. */
  admitsOffer(peer: PeerId): boolean {
    const kept = this.#kept.get(peer);
    if (kept === undefined) return false;
    const nowMs = this.#options.engine.clock.now();
    kept.theirOffersAtMs = kept.theirOffersAtMs.filter((atMs) => nowMs - atMs < OFFERS_WITHIN_MS);
    if (kept.theirOffersAtMs.length >= MAX_OFFERS) return false;
    kept.theirOffersAtMs.push(nowMs);
    return true;
  }

  /** SPEC R5: a link that is lost, as far as one can tell, ends with a new offer of its peer. False: it lives, and the offer is not theirs. */
  replace(peer: PeerId): boolean {
    const kept = this.#kept.get(peer);
    if (kept === undefined) return false;
    const isSilent = this.#options.engine.clock.now() - kept.peer.lastHeardAtMs >= SILENT_MS;
    if (!kept.peer.isAway && !isSilent) return false;
    kept.peer.close('the peer dialled anew');
    return true;
  }

  /** SPEC R2, of the side that answered the link. */
  async receiveOffer(from: PeerId, offerId: OfferId, text: string, courier: Courier): Promise<void> {
    const kept = this.#kept.get(from);
    if (kept === undefined || kept.repair.isOfferer) return;
    try {
      const carry = (batch: string): void => void courier.carry('ice-candidate', from, offerId, batch).catch(() => undefined);
      kept.offerId = offerId;
      const answer = await kept.repair.acceptOffer(text, carry);
      await courier.carry('answer', from, offerId, answer);
      kept.repair.sendCandidates();
    } catch (error) {
      this.#options.engine.logger.debug('a restart was refused', { reason: String(error) });
      // What cannot be restarted is linked anew; but a path that works is nobody's to end by an offer.
      const isSilent = this.#options.engine.clock.now() - kept.peer.lastHeardAtMs >= SILENT_MS;
      if (kept.peer.isAway || isSilent) this.#options.onGivenUp(kept.peer, 'the path was lost, and cannot be restarted');
    }
  }

  /** Whether a message belongs to the restart under way. */
  expects(from: PeerId, offerId: OfferId): boolean {
    return this.#kept.get(from)?.offerId === offerId;
  }

  async receive(kind: 'answer' | 'ice-candidate', from: PeerId, text: string): Promise<void> {
    const repair = this.#kept.get(from)?.repair;
    if (repair === undefined || (kind === 'answer' && !repair.isOfferer)) return;
    try {
      if (kind === 'ice-candidate') await repair.acceptCandidates(text);
      else await repair.acceptAnswer(text);
    } catch (error) {
      this.#options.engine.logger.debug('a restart was answered in vain', { reason: String(error) });
    }
  }

  #check(kept: Kept): void {
    const { clock } = this.#options.engine;
    kept.cancelTimer();
    if (this.#kept.get(kept.peer.id) !== kept) return;
    const nowMs = clock.now();
    const { state, isOfferer } = kept.repair;
    this.#note(kept, state === 'connected', nowMs);
    const action = choosePathAction({
      state,
      isOfferer,
      lostForMs: nowMs - (kept.lostAtMs ?? nowMs),
      onlineForMs: nowMs - this.#onlineAtMs,
      restartingForMs: kept.firstOfferAtMs === undefined ? undefined : nowMs - kept.firstOfferAtMs,
      lastOfferMs: kept.lastOfferAtMs === undefined ? undefined : nowMs - kept.lastOfferAtMs,
    });
    if (action.kind === 'give-up') this.#options.onGivenUp(kept.peer, 'the path was lost');
    else if (action.kind === 'restart') void this.#restart(kept);
    else if (action.kind === 'wait' && Number.isFinite(action.ms)) kept.cancelTimer = clock.after(action.ms, () => this.#check(kept));
  }

  #note(kept: Kept, isConnected: boolean, nowMs: number): void {
    if (isConnected === (kept.lostAtMs === undefined)) return;
    kept.lostAtMs = isConnected ? undefined : nowMs;
    kept.firstOfferAtMs = undefined;
    kept.lastOfferAtMs = undefined;
    kept.peer.isAway = !isConnected;
    this.#options.engine.logger.debug(isConnected ? 'a path was found again' : 'a path was lost');
    this.#options.onChange(kept.peer);
  }

  async #restart(kept: Kept): Promise<void> {
    if (kept.isOffering) return;
    const { engine } = this.#options;
    kept.isOffering = true;
    kept.lastOfferAtMs = engine.clock.now();
    kept.firstOfferAtMs ??= kept.lastOfferAtMs;
    try {
      await this.#offer(kept);
    } catch (error) {
      engine.logger.debug('no restart could be made', { reason: String(error) });
      if (this.#kept.get(kept.peer.id) === kept) this.#options.onGivenUp(kept.peer, 'the path was lost, and cannot be restarted');
    } finally {
      kept.isOffering = false;
    }
    this.#check(kept);
  }

  async #offer(kept: Kept): Promise<void> {
    const { peer, repair } = kept;
    const offerId = randomOfferId(this.#options.engine.randomBytes);
    let courier: Courier | undefined;
    kept.offerId = offerId;
    const offer = await repair.offer((batch) => void courier?.carry('ice-candidate', peer.id, offerId, batch).catch(() => undefined));
    for (const way of this.#options.couriers()) {
      courier = way;
      try {
        await way.carry('restart', peer.id, offerId, offer);
        return repair.sendCandidates();
      } catch {
        // The peer is not to be reached this way; there may be others, and there is another time.
      }
    }
    kept.offerId = undefined;
  }
}
