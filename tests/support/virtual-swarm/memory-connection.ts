/**
 * Connections inside one process for whole engines under a clock of the test: thousands of sessions an hour instead of dozens. Only what
 * the transport uses of RTCPeerConnection is here; that the real one behaves so is what the tests over real WebRTC show.
 */
export class MemoryNetwork {
  readonly #schedule: (deliver: () => void) => void;
  readonly #connections = new Map<string, MemoryConnection>();
  #made = 0;

  /** @param schedule when a frame arrives; in the order they were sent */
  constructor(schedule: (deliver: () => void) => void) {
    this.#schedule = schedule;
  }

  readonly createConnection = (): RTCPeerConnection => {
    const name = `memory-${this.#made++}`;
    const connection = new MemoryConnection(this, name, this.#schedule);
    this.#connections.set(name, connection);
    return connection as unknown as RTCPeerConnection;
  };

  /** Connections that are not closed. */
  get size(): number {
    return this.#connections.size;
  }

  find(sdp: string): MemoryConnection | undefined {
    return this.#connections.get(/^s=(memory-\d+)\r?$/m.exec(sdp)?.[1] ?? '');
  }

  forget(name: string): void {
    this.#connections.delete(name);
  }
}

export class MemoryConnection extends EventTarget {
  readonly name: string;
  readonly channels = new Map<number, MemoryChannel>();
  readonly candidates: RTCIceCandidateInit[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  readonly #network: MemoryNetwork;
  readonly #schedule: (deliver: () => void) => void;
  #other: MemoryConnection | undefined;

  constructor(network: MemoryNetwork, name: string, schedule: (deliver: () => void) => void) {
    super();
    this.name = name;
    this.#network = network;
    this.#schedule = schedule;
  }

  createDataChannel(_label: string, { id = 0 }: RTCDataChannelInit): RTCDataChannel {
    const channel = new MemoryChannel(this.#schedule);
    this.channels.set(id, channel);
    return channel as unknown as RTCDataChannel;
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    return this.#describe('offer');
  }

  async setLocalDescription(description = this.#describe('answer')): Promise<void> {
    this.localDescription = description;
    const candidate = { candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0' };
    this.#schedule(() => this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate })));
  }

  async setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    const other = this.#network.find(sdp);
    if (other === undefined || other === this || this.#other !== undefined) throw new TypeError('no such connection');
    this.#other = other;
    if (type !== 'answer') return;
    // The answerer has set its description before the offerer hears of it.
    this.#schedule(() => {
      for (const [id, channel] of this.channels) channel.join(other.channels.get(id));
    });
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!/^candidate:\S+ 1 udp \d+ \S+ \d+ typ \w+/.test(candidate.candidate ?? '')) throw new TypeError('not a candidate');
    this.candidates.push(candidate);
  }

  async getStats(): Promise<RTCStatsReport> {
    return new Map();
  }

  close(): void {
    if (this.connectionState === 'closed') return;
    this.connectionState = 'closed';
    this.#network.forget(this.name);
    for (const channel of this.channels.values()) channel.close();
  }

  #describe(type: RTCSdpType): RTCSessionDescriptionInit {
    return { type, sdp: `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=${this.name}\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n` };
  }
}

/** Reliable and ordered, whatever was asked for: the engine has to take either. */
export class MemoryChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'arraybuffer';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  readonly #schedule: (deliver: () => void) => void;
  #other: MemoryChannel | undefined;

  constructor(schedule: (deliver: () => void) => void) {
    super();
    this.#schedule = schedule;
  }

  join(other: MemoryChannel | undefined): void {
    if (other === undefined || this.readyState === 'closed' || other.readyState === 'closed') return;
    this.#other = other;
    other.#other = this;
    this.readyState = 'open';
    other.readyState = 'open';
    this.dispatchEvent(new Event('open'));
    other.dispatchEvent(new Event('open'));
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new TypeError('the channel is not open');
    const data = frame.slice().buffer;
    this.bufferedAmount += data.byteLength;
    this.#schedule(() => {
      const wasAbove = this.bufferedAmount > this.bufferedAmountLowThreshold;
      this.bufferedAmount -= data.byteLength;
      if (this.#other?.readyState === 'open') this.#other.dispatchEvent(new MessageEvent('message', { data }));
      if (wasAbove && this.bufferedAmount <= this.bufferedAmountLowThreshold) this.dispatchEvent(new Event('bufferedamountlow'));
    });
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    const other = this.#other;
    this.#schedule(() => {
      this.dispatchEvent(new Event('close'));
      other?.close();
    });
  }
}
