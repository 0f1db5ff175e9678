import type { Clock } from '@/src/base/clock';
import { wholeDescription, type RemoteDescription } from './non-trickle-sdp';

/** The machine's own candidates come within some ms of each other; a browser says only 100 ms later that there are no more. */
const OWN_CANDIDATES_MS = 20;
/** Without a relay's address a description that may have no other is of no use: it waits for what a TURN server needs to give one. */
const RELAY_GATHER_CAP_MS = 5000;
const FROM_SERVER = / typ (?:srflx|relay)\b/;

export interface WholeNegotiationOptions {
  readonly connection: RTCPeerConnection;
  readonly clock: Clock;
  /** Whether host candidates may be sent and tried (SPEC G6, G7). */
  readonly allowHost: boolean;
  /** Whether the connection asks STUN or TURN servers. Without any, what the machine has by itself is all there will be. */
  readonly asksServers: boolean;
  /** The connection may only go through a TURN server: no other address leaves (SPEC G11). */
  readonly relayOnly?: boolean;
  /** The longest a description waits for candidates; one that needs a relay waits up to 5 s. */
  readonly gatherCapMs: number;
  /** It ends by itself after this. */
  readonly timeoutMs: number;
  /** The one channel, open from now on. */
  onOpen(channel: RTCDataChannel): void;
  /** A channel that is not open yet, to listen from its first moment. */
  onChannel(channel: RTCDataChannel): void;
  onFailed(reason: string): void;
}

/**
 * Sets up one RTCPeerConnection with one message each way, as WebTorrent peers do: a description waits for the first candidate from a
 * STUN server, or where none is asked until the machine's own have come, but never longer than the cap. Calls onOpen or onFailed, once.
 */
export class WholeNegotiation {
  readonly connection: RTCPeerConnection;
  readonly #options: WholeNegotiationOptions;
  readonly #cancelTimeout: () => void;
  #outcome: 'pending' | 'open' | 'failed' = 'pending';
  #channel: RTCDataChannel | undefined;

  constructor(options: WholeNegotiationOptions) {
    this.#options = options;
    this.connection = options.connection;
    this.#cancelTimeout = options.clock.after(options.timeoutMs, () => this.fail('nobody answered in time'));
    this.connection.addEventListener('connectionstatechange', () => {
      if (this.connection.connectionState === 'failed') this.fail('no path between the two machines was found');
    });
    this.connection.addEventListener('datachannel', ({ channel }) => this.#adopt(channel));
  }

  /** @param label random, as WebTorrent's are */
  async createOffer(label: string): Promise<string> {
    this.#adopt(this.connection.createDataChannel(label));
    const gathered = this.#gather();
    const offer = await this.connection.createOffer();
    await this.connection.setLocalDescription(offer);
    await gathered;
    return this.#description();
  }

  async acceptOffer(description: RemoteDescription): Promise<string> {
    await this.#setRemote('offer', description);
    const gathered = this.#gather();
    await this.connection.setLocalDescription();
    await gathered;
    return this.#description();
  }

  acceptAnswer(description: RemoteDescription): Promise<void> {
    return this.#setRemote('answer', description);
  }

  /** Ends it and its connection while it is pending; an open channel is untouched. */
  fail(reason: string): void {
    if (this.#outcome !== 'pending') return;
    this.#outcome = 'failed';
    this.#cancelTimeout();
    this.connection.close();
    this.#options.onFailed(reason);
  }

  #adopt(channel: RTCDataChannel): void {
    // Others the peer might open would be read by nobody.
    if (this.#channel !== undefined) return channel.close();
    this.#channel = channel;
    this.#options.onChannel(channel);
    if (channel.readyState === 'open') this.#onOpen(channel);
    else channel.addEventListener('open', () => this.#onOpen(channel), { once: true });
    channel.addEventListener('close', () => this.fail('the peer left'), { once: true });
  }

  #onOpen(channel: RTCDataChannel): void {
    if (this.#outcome !== 'pending') return;
    this.#outcome = 'open';
    this.#cancelTimeout();
    this.#options.onOpen(channel);
  }

  /** Resolves at the first candidate of a server, soon after the last of the machine's own if no server is asked, at the end of gathering, or at the cap. */
  #gather(): Promise<void> {
    return new Promise((resolve) => {
      const { connection } = this;
      const listeners = new AbortController();
      const settle = (): void => {
        listeners.abort();
        cancelCap();
        resolve();
      };
      const { clock, asksServers, relayOnly = false } = this.#options;
      const gatherCapMs = relayOnly ? RELAY_GATHER_CAP_MS : this.#options.gatherCapMs;
      let cancelCap = clock.after(gatherCapMs, settle);
      const { signal } = listeners;
      connection.addEventListener(
        'icecandidate',
        ({ candidate }) => {
          if (candidate === null || FROM_SERVER.test(candidate.candidate)) return settle();
          if (asksServers) return;
          cancelCap();
          cancelCap = clock.after(Math.min(gatherCapMs, OWN_CANDIDATES_MS), settle);
        },
        { signal },
      );
      connection.addEventListener(
        'icegatheringstatechange',
        () => {
          if (connection.iceGatheringState === 'complete') settle();
        },
        { signal },
      );
    });
  }

  #description(): string {
    if (this.#outcome !== 'pending') throw new Error('the negotiation ended while candidates were gathered');
    // What was gathered stands in the local description before the events that tell of it have come.
    const { allowHost, relayOnly = false } = this.#options;
    const description = wholeDescription(this.connection.localDescription?.sdp ?? '', allowHost, relayOnly);
    if (relayOnly && !description.includes('\na=candidate:')) throw new Error('no TURN server gave an address');
    return description;
  }

  async #setRemote(type: 'offer' | 'answer', { sdp, candidates }: RemoteDescription): Promise<void> {
    await this.connection.setRemoteDescription({ type, sdp });
    await Promise.all(candidates.map((candidate) => this.#addCandidate(candidate)));
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.connection.addIceCandidate(candidate);
    } catch {
      // A candidate the browser cannot parse costs only itself: the others may still lead to the peer.
    }
  }
}
