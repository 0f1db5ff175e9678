import type { Bytes } from '@/src/base/bytes';
import { connectionPath } from './connection-path';
import type { LinkChannel, LinkHandlers, LinkPath, PeerLink } from './peer-link';
import type { WebRtcRepair } from './webrtc-repair';

/** Measured: a few hundred KiB keep a loopback line full; more only delays what is urgent. */
const BULK_LOW_WATER_BYTES = 64 * 1024;

/**
 * Of control frames that wait for a peer to read them (SPEC L7). Who asks as SPEC says has no more than a quarter of it coming: sixteen
 * parts of the metadata.
 */
export const MAX_CONTROL_BACKLOG_BYTES = 1024 * 1024;

export interface WebRtcLinkEvents {
  /** Both channels are open. */
  onOpen(): void;
  /** It closed before anybody took it over. */
  onLost(reason: string): void;
}

/** One RTCPeerConnection with two pre-negotiated channels (SPEC L1). Handed over once both are open. */
export class WebRtcLink implements PeerLink {
  readonly repair: WebRtcRepair;
  readonly #connection: RTCPeerConnection;
  readonly #channels: Readonly<Record<LinkChannel, RTCDataChannel>>;
  readonly #events: WebRtcLinkEvents;
  #handlers: LinkHandlers | undefined;
  #early: { channel: LinkChannel; frame: Bytes }[] = [];
  #closed: string | undefined;

  /** Creates the channels; call before the first description so that they are part of it. */
  constructor(connection: RTCPeerConnection, events: WebRtcLinkEvents, repair: WebRtcRepair) {
    this.repair = repair;
    this.#connection = connection;
    this.#events = events;
    this.#channels = {
      control: connection.createDataChannel('control', { negotiated: true, id: 0 }),
      bulk: connection.createDataChannel('bulk', { negotiated: true, id: 1, ordered: false }),
    };
    for (const name of ['control', 'bulk'] as const) {
      const channel = this.#channels[name];
      channel.binaryType = 'arraybuffer';
      channel.addEventListener('open', () => {
        if (this.#channels.control.readyState === 'open' && this.#channels.bulk.readyState === 'open') events.onOpen();
      });
      channel.addEventListener('message', (event: MessageEvent<unknown>) => this.#onMessage(name, event.data));
      channel.addEventListener('close', () => this.close('the peer left'));
    }
    this.#channels.bulk.bufferedAmountLowThreshold = BULK_LOW_WATER_BYTES;
    this.#channels.bulk.addEventListener('bufferedamountlow', () => this.#handlers?.onDrain());
    connection.addEventListener('connectionstatechange', () => {
      const { connectionState, iceConnectionState } = connection;
      // A path that failed may be restarted; encryption that failed may not.
      if (connectionState === 'failed' && iceConnectionState === 'failed' && repair.isWatched) return;
      if (connectionState === 'failed' || connectionState === 'closed') this.close('the connection was lost');
    });
  }

  get bufferedBulkBytes(): number {
    return this.#channels.bulk.bufferedAmount;
  }

  send(channel: LinkChannel, frame: Bytes): void {
    if (this.#closed !== undefined || this.#channels[channel].readyState !== 'open') return;
    try {
      if (channel === 'control' && this.#channels.control.bufferedAmount > MAX_CONTROL_BACKLOG_BYTES)
        return this.close('the peer does not read');
      this.#channels[channel].send(frame);
    } catch {
      // The channel closed or its buffer overflowed between the check and the call: either way frames are lost, so the link is over.
      this.close('sending failed');
    }
  }

  receive(handlers: LinkHandlers): void {
    this.#handlers = handlers;
    const early = this.#early;
    this.#early = [];
    for (const { channel, frame } of early) handlers.onFrame(channel, frame);
    if (this.#closed !== undefined) handlers.onClose(this.#closed);
  }

  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#connection.close();
    if (this.#handlers === undefined) this.#events.onLost(reason);
    else this.#handlers.onClose(reason);
  }

  path(): Promise<LinkPath> {
    return connectionPath(this.#connection);
  }

  #onMessage(channel: LinkChannel, data: unknown): void {
    // Text is no frame (SPEC L2), and neither is an empty one: whoever takes frames drops who sent it, where closing here would not.
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array();
    if (this.#handlers !== undefined) this.#handlers.onFrame(channel, frame);
    // Frames can outrun the other channel's opening; a peer gets no more than its hello and possession in before ours.
    else if (this.#early.length < 64) this.#early.push({ channel, frame });
    else this.close('the peer sent too much too early');
  }
}
