import { CandidateTrickle } from './candidate-trickle';
import { withoutAddresses } from './candidate-filter';
import { MAX_SDP_CHARS, type Negotiation, type NegotiationOptions } from './negotiation';
import { WebRtcLink } from './webrtc-link';
import { WebRtcRepair } from './webrtc-repair';

export interface WebRtcNegotiationOptions extends NegotiationOptions {
  readonly connection: RTCPeerConnection;
  /** The connection may only go through a TURN server: no other address leaves (SPEC G11). */
  readonly relayOnly?: boolean;
}

/** Sets up one RTCPeerConnection by trickle ICE (SPEC G2). */
export class WebRtcNegotiation implements Negotiation {
  readonly #options: WebRtcNegotiationOptions;
  readonly #connection: RTCPeerConnection;
  readonly #link: WebRtcLink;
  readonly #trickle: CandidateTrickle;
  #offer: Promise<RTCSessionDescriptionInit> | undefined;
  #outcome: 'pending' | 'linked' | 'failed' = 'pending';

  constructor(options: WebRtcNegotiationOptions) {
    this.#options = options;
    const { connection, clock, allowHost, relayOnly = false } = options;
    this.#connection = connection;
    this.#trickle = new CandidateTrickle({ connection, clock, allowHost, relayOnly, onBatch: (batch) => options.onCandidates(batch) });
    const repair = new WebRtcRepair({
      connection,
      clock,
      allowHost,
      relayOnly,
      trickle: this.#trickle,
      isOfferer: () => this.#offer !== undefined,
    });
    this.#link = new WebRtcLink(connection, { onOpen: () => this.#onOpen(), onLost: (reason) => this.fail(reason) }, repair);
    this.#connection.addEventListener('connectionstatechange', () => {
      if (this.#connection.connectionState === 'failed') this.fail('no path between the two machines was found');
    });
  }

  get isPending(): boolean {
    return this.#outcome === 'pending';
  }

  async createOffer(): Promise<string> {
    const { sdp = '' } = await (this.#offer ??= this.#connection.createOffer());
    return asDtlsClient(withoutAddresses(sdp));
  }

  /** Applies the very offer that was sent: a fresh one would have other ICE credentials. */
  async startGathering(): Promise<void> {
    await this.#connection.setLocalDescription(await this.#offer);
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
    this.#trickle.send();
  }

  async acceptCandidates(batch: string): Promise<void> {
    if (!(await this.#trickle.accept(batch))) this.fail('the peer sent malformed candidates');
  }

  /** Ends a pending negotiation and its connection; a link that was handed over is untouched. */
  fail(reason: string): void {
    if (this.#outcome !== 'pending') return;
    this.#outcome = 'failed';
    this.#trickle.stop();
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
    await this.#trickle.start();
  }
}

/** SPEC G14; RFC 8842: an offer that leaves nothing to choose is a valid one. */
function asDtlsClient(offer: string): string {
  return offer.replaceAll('a=setup:actpass', 'a=setup:active');
}
