import { toHex } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import { randomOfferId, type InfoHash, type OfferId, type PeerId, type RandomBytes } from '@/src/protocol/ids';
import { fingerprintOf, readDescription, type RemoteDescription } from './non-trickle-sdp';
import type { Introduction, PeerAdmission } from './peer-admission';
import type { TrackerOffer } from './tracker-messages';
import { WholeNegotiation } from './whole-negotiation';
import { WireChannel } from './wire-channel';
import type { WireLimits } from './wire-limits';

export interface PeerIntroductionsOptions {
  readonly infoHash: InfoHash;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly rtcConfiguration: () => RTCConfiguration;
  /** Whether host candidates may be sent and tried (SPEC G6, G7). */
  readonly allowHost: boolean;
  /** A description waits no longer for candidates. */
  readonly gatherCapMs: number;
  /** An offer nobody answers, or a connection that does not open, ends after this. */
  readonly negotiationTimeoutMs: number;
  readonly wireLimits: Partial<WireLimits> | undefined;
  /** Shared by all trackers of a session. */
  readonly admission: PeerAdmission;
  /** An open channel. */
  onChannel(channel: WireChannel, remotePeerId: PeerId): void;
  /** The peer behind a channel has shown itself to be who it was introduced as. */
  onMet(): void;
  /** A peer that was there was not met: no connection came about, or it left without a word. */
  onMissed(): void;
}

/** Turns what a tracker passes on into open channels. */
export class PeerIntroductions {
  readonly #options: PeerIntroductionsOptions;
  readonly #offers = new Map<OfferId, Attempt>();
  readonly #attempts = new Set<Attempt>();

  constructor(options: PeerIntroductionsOptions) {
    this.#options = options;
  }

  /** Up to that many, each of a connection of its own, with the candidates gathered until the cap. */
  async createOffers(wanted: number): Promise<readonly TrackerOffer[]> {
    const count = this.#options.admission.takeOffers(wanted);
    const offers = await Promise.all(Array.from({ length: count }, () => this.#createOffer()));
    return offers.filter((offer) => offer !== undefined);
  }

  /** @returns the answer to send, or undefined when the peer is not wanted */
  async answer(peerId: PeerId, sdp: string): Promise<string | undefined> {
    const description = this.#read(sdp);
    if (description === undefined) return undefined;
    // On its side the last one is over, whatever we heard of it: waiting for that would lose the peer until its next announce.
    for (const earlier of this.#attempts) if (earlier.isOfferOf(peerId)) earlier.close('it offers anew');
    const attempt = new Attempt(this.#options, 'them', () => this.#attempts.delete(attempt));
    if (!attempt.identify(peerId, fingerprintOf(sdp))) return undefined;
    this.#attempts.add(attempt);
    try {
      return await attempt.start().acceptOffer(description);
    } catch {
      attempt.close('its offer cannot be used');
      return undefined;
    }
  }

  async acceptAnswer(offerId: OfferId, peerId: PeerId, sdp: string): Promise<void> {
    const attempt = this.#offers.get(offerId);
    if (attempt === undefined) return;
    const description = this.#read(sdp);
    if (description === undefined || !attempt.identify(peerId, fingerprintOf(sdp))) return attempt.close('whoever answered is not wanted');
    this.#forgetOffer(offerId);
    try {
      await attempt.start().acceptAnswer(description);
    } catch {
      attempt.close('its answer cannot be used');
    }
  }

  withdraw(offerIds: readonly OfferId[]): void {
    for (const offerId of offerIds) this.#offers.get(offerId)?.close('nobody is there to answer');
  }

  /** Ends whatever is not open yet. */
  end(): void {
    for (const attempt of this.#attempts) attempt.close('the session ended');
  }

  async #createOffer(): Promise<TrackerOffer | undefined> {
    const { randomBytes } = this.#options;
    const offerId = randomOfferId(randomBytes);
    const attempt = new Attempt(this.#options, 'us', () => {
      this.#attempts.delete(attempt);
      this.#forgetOffer(offerId);
    });
    this.#attempts.add(attempt);
    this.#offers.set(offerId, attempt);
    try {
      return { offerId, sdp: await attempt.start().createOffer(toHex(randomBytes(20))) };
    } catch {
      attempt.close('no offer could be made');
      return undefined;
    }
  }

  #read(sdp: string): RemoteDescription | undefined {
    const { admission, allowHost, rtcConfiguration } = this.#options;
    if (admission.isBanned(fingerprintOf(sdp))) return undefined;
    return readDescription(sdp, allowHost, rtcConfiguration().iceTransportPolicy === 'relay');
  }

  #forgetOffer(offerId: OfferId): void {
    if (this.#offers.delete(offerId)) this.#options.admission.returnOffer();
  }
}

/** One connection on its way to being a channel. */
class Attempt implements Introduction {
  readonly offeredBy: 'us' | 'them';
  readonly #options: PeerIntroductionsOptions;
  readonly #onSettled: () => void;
  #remote: { readonly remotePeerId: PeerId; readonly fingerprint: string | undefined } | undefined;
  #negotiation: WholeNegotiation | undefined;
  #channel: RTCDataChannel | undefined;
  #wire: WireChannel | undefined;
  #isOpen = false;
  #hasMet = false;
  #isGivenUp = false;

  /** @param onSettled it is open, or over */
  constructor(options: PeerIntroductionsOptions, offeredBy: 'us' | 'them', onSettled: () => void) {
    this.#options = options;
    this.offeredBy = offeredBy;
    this.#onSettled = onSettled;
  }

  /** Says who it is with, which an offer learns from its answer. @returns false when that peer is not wanted */
  identify(peerId: PeerId, fingerprint: string | undefined): boolean {
    if (!this.#options.admission.admit(peerId, this)) return false;
    this.#remote = { remotePeerId: peerId, fingerprint };
    this.#buildWire();
    return true;
  }

  /** @throws what the browser throws when it grants no more connections */
  start(): WholeNegotiation {
    const { clock, allowHost, gatherCapMs, negotiationTimeoutMs } = this.#options;
    const configuration = this.#options.rtcConfiguration();
    this.#negotiation ??= new WholeNegotiation({
      connection: this.#options.createConnection(configuration),
      asksServers: (configuration.iceServers ?? []).length > 0,
      relayOnly: configuration.iceTransportPolicy === 'relay',
      clock,
      allowHost,
      gatherCapMs,
      timeoutMs: negotiationTimeoutMs,
      onChannel: (channel) => {
        this.#channel = channel;
        this.#buildWire();
      },
      onOpen: () => this.#onOpen(),
      onFailed: (reason) => this.#onFailed(reason),
    });
    return this.#negotiation;
  }

  isOfferOf(peerId: PeerId): boolean {
    return this.offeredBy === 'them' && this.#remote?.remotePeerId === peerId;
  }

  handOver(): void {
    if (this.#wire !== undefined) this.#options.onChannel(this.#wire, this.#wire.remotePeerId);
  }

  close(reason: string): void {
    this.#isGivenUp = true;
    if (this.#isOpen) this.#wire?.close(reason);
    else if (this.#negotiation === undefined) this.#onFailed(reason);
    else this.#negotiation.fail(reason);
  }

  /** As soon as it is known whose channel it is, and so before anything can arrive. */
  #buildWire(): void {
    if (this.#remote === undefined || this.#channel === undefined || this.#negotiation === undefined) return;
    const { infoHash, wireLimits, randomBytes, admission, clock } = this.#options;
    const { remotePeerId, fingerprint } = this.#remote;
    this.#wire ??= new WireChannel({
      remotePeerId,
      fingerprint,
      id: `${remotePeerId}:${toHex(randomBytes(4))}`,
      connection: this.#negotiation.connection,
      channel: this.#channel,
      clock,
      infoHash,
      onHandshake: () => {
        this.#hasMet = true;
        this.#options.onMet();
      },
      onOffence: () => {
        this.#isGivenUp = true;
        admission.ban(remotePeerId, fingerprint);
      },
      ...(wireLimits === undefined ? {} : { limits: wireLimits }),
    });
  }

  #onOpen(): void {
    const wire = this.#wire;
    // A channel can only open to somebody who answered.
    if (wire === undefined) return;
    this.#isOpen = true;
    this.#onSettled();
    wire.on('close', () => this.#onClosed(wire.remotePeerId));
    this.#options.admission.opened(wire.remotePeerId, this);
  }

  #onClosed(remotePeerId: PeerId): void {
    const { admission } = this.#options;
    admission.left(remotePeerId, this);
    // WebTorrent closes the second of two links without a word.
    if (!this.#hasMet && !this.#isGivenUp && !admission.isConnected(remotePeerId)) this.#options.onMissed();
  }

  #onFailed(reason: string): void {
    this.#wire?.close(reason);
    this.#onSettled();
    if (this.#remote === undefined) return;
    this.#options.admission.failed(this.#remote.remotePeerId, this);
    if (!this.#isGivenUp) this.#options.onMissed();
  }
}
