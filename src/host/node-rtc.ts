import { PeerConnection } from 'node-datachannel';
import { RTCPeerConnection as PolyfillConnection } from 'node-datachannel/polyfill';

/**
 * RTCPeerConnection for Node. The polyfill negotiates on its own as soon as a channel is created and ignores every local description
 * but an offer; negotiation is ours, so it is switched off and done by hand.
 */
class NodePeerConnection extends PolyfillConnection {
  readonly #native: PeerConnection;

  constructor(configuration: RTCConfiguration) {
    const native = new PeerConnection('lodestream', {
      disableAutoNegotiation: true,
      iceServers: (configuration.iceServers ?? []).flatMap(({ urls, username, credential }) =>
        [urls].flat().map((url) => withCredentials(url, username, credential)),
      ),
    });
    super({ peerConnection: native });
    this.#native = native;
  }

  override async createOffer(): Promise<RTCSessionDescriptionInit> {
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
    this.#native.setRemoteDescription(type === 'offer' ? sdp.replace('a=setup:actpass', 'a=setup:active') : sdp, type);
  }

  override async setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> {
    if (description?.type === 'offer') return;
    this.#native.setLocalDescription('answer');
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

/** libdatachannel takes credentials inside the address. */
function withCredentials(url: string, username: string | undefined, credential: string | undefined): string {
  if (username === undefined || credential === undefined) return url;
  const [scheme = '', rest = ''] = url.split(/:(.*)/s);
  return `${scheme}:${encodeURIComponent(username)}:${encodeURIComponent(credential)}@${rest}`;
}
