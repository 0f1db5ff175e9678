import type { Clock } from '@/src/base/clock';
import { withoutAddresses } from './candidate-filter';
import { CandidateTrickle } from './candidate-trickle';
import type { LinkRepair, PathState } from './link-repair';
import { MAX_SDP_CHARS } from './negotiation';

export interface WebRtcRepairOptions {
  readonly connection: RTCPeerConnection;
  readonly clock: Clock;
  readonly allowHost: boolean;
  readonly relayOnly: boolean;
  /** That of the link's own set-up, until the first restart: its offer id is not heard any more then. */
  readonly trickle: CandidateTrickle;
  isOfferer(): boolean;
}

/** ICE restarts of one connection (SPEC R2): its channels, and what is on its way in them, live on. */
export class WebRtcRepair implements LinkRepair {
  readonly #options: WebRtcRepairOptions;
  #trickle: CandidateTrickle;
  #onState: (() => void) | undefined;
  #state: PathState = 'connected';

  constructor(options: WebRtcRepairOptions) {
    this.#options = options;
    this.#trickle = options.trickle;
    options.connection.addEventListener('iceconnectionstatechange', () => this.#onIceState());
  }

  get isOfferer(): boolean {
    return this.#options.isOfferer();
  }

  get state(): PathState {
    return this.#state;
  }

  /** Somebody sees to a path that fails. */
  get isWatched(): boolean {
    return this.#onState !== undefined;
  }

  watch(onState: () => void): void {
    this.#onState = onState;
  }

  async offer(onCandidates: (batch: string) => void): Promise<string> {
    const { connection } = this.#options;
    const offer = await connection.createOffer({ iceRestart: true });
    this.#listen(onCandidates);
    await connection.setLocalDescription(offer);
    return withoutAddresses(offer.sdp ?? '');
  }

  async acceptOffer(sdp: string, onCandidates: (batch: string) => void): Promise<string> {
    const { connection } = this.#options;
    const known = fingerprintsOf(connection.remoteDescription?.sdp ?? '');
    // Another certificate is another connection, and perhaps another peer.
    if (known === '' || fingerprintsOf(sdp) !== known) throw new Error('the offer is of another connection');
    this.#listen(onCandidates);
    await this.#setRemote('offer', sdp);
    await connection.setLocalDescription();
    return withoutAddresses(connection.localDescription?.sdp ?? '');
  }

  acceptAnswer(sdp: string): Promise<void> {
    return this.#setRemote('answer', sdp);
  }

  sendCandidates(): void {
    this.#trickle.send();
  }

  acceptCandidates(batch: string): Promise<boolean> {
    return this.#trickle.accept(batch);
  }

  /** Before the local description, which starts gathering. */
  #listen(onBatch: (batch: string) => void): void {
    this.#trickle.stop();
    this.#trickle = new CandidateTrickle({ ...this.#options, onBatch });
  }

  async #setRemote(type: 'offer' | 'answer', sdp: string): Promise<void> {
    if (sdp.length > MAX_SDP_CHARS) throw new RangeError('the description is too long');
    await this.#options.connection.setRemoteDescription({ type, sdp: withoutAddresses(sdp) });
    await this.#trickle.start();
  }

  /** `checking` is no news: a path that was lost is still lost. */
  #onIceState(): void {
    const ice = this.#options.connection.iceConnectionState;
    if (ice === 'closed') this.#trickle.stop();
    const state = ice === 'completed' ? 'connected' : ice;
    if (state !== 'connected' && state !== 'disconnected' && state !== 'failed') return;
    this.#state = state;
    this.#onState?.();
  }
}

function fingerprintsOf(sdp: string): string {
  return (sdp.match(/^a=fingerprint:[^\r\n]+/gm) ?? []).join('\n').toLowerCase();
}
