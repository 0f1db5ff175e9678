import { PeerConnection } from 'node-datachannel';
import { RTCPeerConnection as PolyfillConnection } from 'node-datachannel/polyfill';

const HOLD_MS = 150;
/** Its libjuice says so itself; such an offer would leave the connection half changed. */
const NO_RESTART = 'libdatachannel cannot restart ICE';

/**
 * RTCPeerConnection for Node. The polyfill negotiates on its own as soon as a channel is created and ignores every local description
 * but an offer; negotiation is ours, so it is switched off and done by hand.
 */
class NodePeerConnection extends PolyfillConnection {
  readonly #native: PeerConnection;
  /** The offer's candidates, held until the offerer has surely read the answer; undefined from then on, and for the offerer. */
  #held: RTCIceCandidateInit[] | undefined;

  constructor(configuration: RTCConfiguration) {
    const native = new PeerConnection('lodestream', {
      disableAutoNegotiation: true,
      iceTransportPolicy: configuration.iceTransportPolicy ?? 'all',
      iceServers: nodeIceServers(configuration.iceServers ?? []),
    });
    super({ peerConnection: native });
    this.#native = native;
  }

  override async createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
    if (options?.iceRestart === true) throw new DOMException(NO_RESTART, 'NotSupportedError');
    // libdatachannel has no offer before it is the local description.
    this.#native.setLocalDescription('offer');
    return { type: 'offer', sdp: this.#native.localDescription()?.sdp ?? '' };
  }

  /**
   * As the answerer it waits for the DTLS handshake instead of beginning it. The answerer learns its peer's candidates first and so has
   * its path first; libdatachannel then begins at once, and throws away a handshake that comes before its own path is there: beginning
   * here cost almost every connection between two Node peers a retransmission, 1 s.
   */
  override async setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    if (type === 'offer') {
      if (this.#native.remoteDescription() !== null) throw new DOMException(NO_RESTART, 'NotSupportedError');
      this.#held = [];
    }
    this.#native.setRemoteDescription(type === 'offer' ? sdp.replace('a=setup:actpass', 'a=setup:active') : sdp, type);
  }

  override async setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> {
    if (description?.type === 'offer') return;
    this.#native.setLocalDescription('answer');
    const held = this.#held ?? [];
    this.#held = undefined;
    if (held.length === 0) return;
    const timer = setTimeout(() => {
      for (const candidate of held) void super.addIceCandidate(candidate).catch(() => undefined);
    }, HOLD_MS);
    this.addEventListener('connectionstatechange', () => {
      if (this.connectionState === 'closed') clearTimeout(timer);
    });
  }

  /**
   * libdatachannel sets the path up before it has noted the certificate that the answer names, and takes a peer that is quick enough for
   * an impostor: a path that the answerer tries before the offerer has its answer cost connections under load.
   */
  override async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#held === undefined) await super.addIceCandidate(candidate);
    else this.#held.push(candidate);
  }

  /** The polyfill gives the round-trip time in milliseconds; W3C WebRTC statistics are in seconds. */
  override async getStats(): Promise<RTCStatsReport> {
    const report = new Map<string, Record<string, unknown>>(await super.getStats());
    for (const [id, entry] of report) {
      const rttMs = entry['currentRoundTripTime'];
      if (typeof rttMs === 'number') report.set(id, { ...entry, currentRoundTripTime: rttMs / 1000 });
    }
    return report;
  }
}

export function createNodeConnection(configuration: RTCConfiguration): RTCPeerConnection {
  return new NodePeerConnection(configuration) as unknown as RTCPeerConnection;
}

/**
 * TURN servers are asked as STUN servers are, for the address that others see (RFC 8656, section 4: they answer both), and lend nothing here. A
 * path that leads through one stops libdatachannel for ever, with all connections of the process, when the other side begins the DTLS
 * handshake before that path is known here: about one time in fifteen (libdatachannel#1630, in no release yet). Who cannot be reached
 * directly is met through the viewer's own relay, which lets in whoever comes from the address told.
 * libdatachannel asks one of its STUN servers, chosen by chance: a TURN server is asked only where there is no other.
 */
function nodeIceServers(servers: readonly RTCIceServer[]): string[] {
  const urls = servers.flatMap((server) => server.urls);
  const stun = urls.filter((url) => url.startsWith('stun:'));
  return stun.length > 0 ? stun : urls.flatMap((url) => /^turn:([^?]+)/.exec(url)?.[1] ?? []).map((place) => `stun:${place}`);
}
