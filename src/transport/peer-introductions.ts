import { toHex } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import { randomOfferId, type InfoHash, type OfferId, type PeerId, type RandomBytes } from '@/src/protocol/ids';
import { fingerprintOf, readDescription } from './non-trickle-sdp';
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
    const { admission, allowHost } = this.#options;
    const description = readDescription(sdp, allowHost);
    const fingerprint = fingerprintOf(sdp);
    if (description === undefined || admission.isBanned(fingerprint)) return undefined;
    const introduction = { offeredBy: 'them', onSuperseded: () => attempt?.fail('another connection to the peer') } as const;
    let attempt: Attempt | undefined;
    if (!admission.admit(peerId, introduction)) return undefined;
    try {
      attempt = this.#begin();
      attempt.identify(peerId, fingerprint, introduction);
      return await attempt.negotiation.acceptOffer(description);
    } catch {
      attempt?.fail('its offer cannot be used');
      admission.failed(peerId, introduction);
      return undefined;
    }
  }

  async acceptAnswer(offerId: OfferId, peerId: PeerId, sdp: string): Promise<void> {
    const { admission, allowHost } = this.#options;
    const attempt = this.#offers.get(offerId);
    if (attempt === undefined) return;
    const description = readDescription(sdp, allowHost);
    const fingerprint = fingerprintOf(sdp);
    const introduction = { offeredBy: 'us', onSuperseded: () => attempt.fail('another connection to the peer') } as const;
    if (description === undefined || admission.isBanned(fingerprint) || !admission.admit(peerId, introduction)) {
      return attempt.fail('whoever answered is not wanted');
    }
    this.#forgetOffer(offerId);
    attempt.identify(peerId, fingerprint, introduction);
    try {
      await attempt.negotiation.acceptAnswer(description);
    } catch {
      attempt.fail('its answer cannot be used');
    }
  }

  withdraw(offerIds: readonly OfferId[]): void {
    for (const offerId of offerIds) this.#offers.get(offerId)?.fail('nobody is there to answer');
  }

  /** Ends whatever is not open yet. */
  end(): void {
    for (const attempt of this.#attempts) attempt.fail('the session ended');
  }

  async #createOffer(): Promise<TrackerOffer | undefined> {
    const { admission, randomBytes } = this.#options;
    const offerId = randomOfferId(randomBytes);
    let attempt: Attempt | undefined;
    try {
      attempt = this.#begin(() => this.#forgetOffer(offerId));
      this.#offers.set(offerId, attempt);
      return { offerId, sdp: await attempt.negotiation.createOffer(toHex(randomBytes(20))) };
    } catch {
      if (attempt === undefined) admission.returnOffer();
      else attempt.fail('no offer could be made');
      return undefined;
    }
  }

  #begin(onFailed?: () => void): Attempt {
    const attempt = new Attempt(this.#options, () => {
      this.#attempts.delete(attempt);
      onFailed?.();
    });
    this.#attempts.add(attempt);
    return attempt;
  }

  #forgetOffer(offerId: OfferId): void {
    if (this.#offers.delete(offerId)) this.#options.admission.returnOffer();
  }
}

interface Identity {
  readonly peerId: PeerId;
  readonly fingerprint: string | undefined;
  readonly introduction: Introduction;
}

/** One connection on its way to being a channel. */
class Attempt {
  readonly negotiation: WholeNegotiation;
  readonly #options: PeerIntroductionsOptions;
  readonly #connection: RTCPeerConnection;
  readonly #onEnded: () => void;
  #identity: Identity | undefined;
  #channel: RTCDataChannel | undefined;
  #wire: WireChannel | undefined;

  constructor(options: PeerIntroductionsOptions, onEnded: () => void) {
    this.#options = options;
    this.#onEnded = onEnded;
    this.#connection = options.createConnection(options.rtcConfiguration());
    this.negotiation = new WholeNegotiation({
      connection: this.#connection,
      clock: options.clock,
      allowHost: options.allowHost,
      gatherCapMs: options.gatherCapMs,
      timeoutMs: options.negotiationTimeoutMs,
      onChannel: (channel) => {
        this.#channel = channel;
        this.#build();
      },
      onOpen: () => this.#onOpen(),
      onFailed: (reason) => this.#onFailed(reason),
    });
  }

  /** Who it is with. An offer learns it from its answer. */
  identify(peerId: PeerId, fingerprint: string | undefined, introduction: Introduction): void {
    this.#identity = { peerId, fingerprint, introduction };
    this.#build();
  }

  fail(reason: string): void {
    this.negotiation.fail(reason);
  }

  /** As soon as it is known whose channel it is, and so before anything can arrive. */
  #build(): void {
    if (this.#identity === undefined || this.#channel === undefined || this.#wire !== undefined) return;
    const { infoHash, wireLimits } = this.#options;
    const { peerId, fingerprint } = this.#identity;
    this.#wire = new WireChannel({
      remotePeerId: peerId,
      fingerprint,
      connection: this.#connection,
      channel: this.#channel,
      infoHash,
      ...(wireLimits === undefined ? {} : { limits: wireLimits }),
    });
  }

  #onOpen(): void {
    this.#onEnded();
    const wire = this.#wire;
    if (wire === undefined || this.#identity === undefined) return this.#connection.close();
    const { peerId, introduction } = this.#identity;
    const { admission, onChannel } = this.#options;
    if (!admission.connected(peerId, introduction)) return wire.close('another connection to the peer was faster');
    wire.on('close', () => admission.left(peerId));
    onChannel(wire, peerId);
  }

  #onFailed(reason: string): void {
    this.#onEnded();
    this.#wire?.close(reason);
    if (this.#identity !== undefined) this.#options.admission.failed(this.#identity.peerId, this.#identity.introduction);
  }
}
