import * as v from 'valibot';
import { acceptsCandidate, outgoingCandidate, withoutAddresses } from './candidate-filter';
import type { Negotiation, NegotiationOptions } from './negotiation';
import { WebRtcLink } from './webrtc-link';

/** SPEC G5. */
const MAX_SDP_CHARS = 64 * 1024;
const MAX_CANDIDATES_PER_BATCH = 40;
const MAX_CANDIDATES = 80;
/** The first batch goes almost at once, since it holds the host candidates; what comes later (STUN, TURN) is gathered up. */
const FIRST_BATCH_MS = 5;
const LATER_BATCH_MS = 50;

const candidatesSchema = v.pipe(
  v.array(v.object({ candidate: v.pipe(v.string(), v.maxLength(500)), sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(50))) })),
  v.maxLength(MAX_CANDIDATES_PER_BATCH),
);

export interface WebRtcNegotiationOptions extends NegotiationOptions {
  readonly connection: RTCPeerConnection;
  /** The connection may only go through a TURN server: no other address leaves (SPEC G8). */
  readonly relayOnly?: boolean;
}

/** Sets up one RTCPeerConnection by trickle ICE (SPEC G2). */
export class WebRtcNegotiation implements Negotiation {
  readonly #options: WebRtcNegotiationOptions;
  readonly #connection: RTCPeerConnection;
  readonly #link: WebRtcLink;
  #offer: RTCSessionDescriptionInit | undefined;
  #outcome: 'pending' | 'linked' | 'failed' = 'pending';
  #gathered: { candidate: string; sdpMid: string | null }[] = [];
  #gatheredCount = 0;
  #mayTrickle = false;
  #batches = 0;
  #cancelBatch: (() => void) | undefined;
  #received: RTCIceCandidateInit[] = [];
  #receivedCount = 0;
  #hasRemote = false;

  constructor(options: WebRtcNegotiationOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#link = new WebRtcLink(options.connection, { onOpen: () => this.#onOpen(), onLost: (reason) => this.fail(reason) });
    this.#connection.addEventListener('icecandidate', ({ candidate }) => {
      const gathered = candidate?.candidate ?? '';
      const text = gathered === '' ? undefined : outgoingCandidate(gathered, options.allowHost, options.relayOnly);
      // Whoever sends more than is allowed is refused altogether: the first ones are the likeliest to work.
      if (text === undefined || this.#gatheredCount >= MAX_CANDIDATES) return;
      this.#gatheredCount++;
      this.#gathered.push({ candidate: text, sdpMid: candidate?.sdpMid ?? '0' });
      this.#scheduleBatch();
    });
    this.#connection.addEventListener('connectionstatechange', () => {
      if (this.#connection.connectionState === 'failed') this.fail('no path between the two machines was found');
    });
  }

  get isPending(): boolean {
    return this.#outcome === 'pending';
  }

  async createOffer(): Promise<string> {
    this.#offer = await this.#connection.createOffer();
    return withoutAddresses(this.#offer.sdp ?? '');
  }

  /** Applies the very offer that was sent: a fresh one would have other ICE credentials. */
  async startGathering(): Promise<void> {
    await this.#connection.setLocalDescription(this.#offer);
  }

  async acceptOffer(sdp: string): Promise<string> {
    await this.#setRemote('offer', sdp);
    await this.#connection.setLocalDescription();
    return withoutAddresses(this.#connection.localDescription?.sdp ?? '');
  }

  acceptAnswer(sdp: string): Promise<void> {
    return this.#setRemote('answer', sdp);
  }

  sendCandidates(): void {
    this.#mayTrickle = true;
    this.#scheduleBatch();
  }

  async acceptCandidates(batch: string): Promise<void> {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), candidatesSchema), batch);
    if (!parsed.success || this.#receivedCount + parsed.output.length > MAX_CANDIDATES)
      return this.fail('the peer sent malformed candidates');
    this.#receivedCount += parsed.output.length;
    const { allowHost, relayOnly } = this.#options;
    const usable = parsed.output.filter(({ candidate }) => acceptsCandidate(candidate, allowHost, relayOnly));
    if (!this.#hasRemote) this.#received.push(...usable);
    else await Promise.all(usable.map((candidate) => this.#addCandidate(candidate)));
  }

  /** Ends a pending negotiation and its connection; a link that was handed over is untouched. */
  fail(reason: string): void {
    if (this.#outcome !== 'pending') return;
    this.#outcome = 'failed';
    this.#cancelBatch?.();
    this.#connection.close();
    this.#options.onFailed(reason);
  }

  #onOpen(): void {
    if (this.#outcome !== 'pending') return;
    this.#outcome = 'linked';
    this.#options.onLink(this.#link);
  }

  async #setRemote(type: 'offer' | 'answer', sdp: string): Promise<void> {
    if (sdp.length > MAX_SDP_CHARS) throw new RangeError('the description is too long');
    await this.#connection.setRemoteDescription({ type, sdp: withoutAddresses(sdp) });
    this.#hasRemote = true;
    const waiting = this.#received;
    this.#received = [];
    await Promise.all(waiting.map((candidate) => this.#addCandidate(candidate)));
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch {
      // A candidate the browser cannot parse costs only itself: the others may still lead to the peer.
    }
  }

  #scheduleBatch(): void {
    if (!this.#mayTrickle || this.#gathered.length === 0 || this.#cancelBatch !== undefined) return;
    this.#cancelBatch = this.#options.clock.after(this.#batches === 0 ? FIRST_BATCH_MS : LATER_BATCH_MS, () => {
      this.#cancelBatch = undefined;
      this.#batches++;
      const batch = this.#gathered.splice(0, MAX_CANDIDATES_PER_BATCH);
      this.#options.onCandidates(JSON.stringify(batch));
      this.#scheduleBatch();
    });
  }
}
