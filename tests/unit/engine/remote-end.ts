import type { Bytes } from '@/src/base/bytes';
import { Peer, type PeerHandlers } from '@/src/engine/peer';
import type { PeerId } from '@/src/protocol/ids';
import {
  decodeBulk,
  decodeControl,
  encodeBlock,
  encodeControl,
  PROTOCOL_VERSION,
  type BlockMessage,
  type BlockRange,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { memoryLinkPair, type MemoryLink } from '@/src/transport/memory-link';

export const OWN_ID = peerIdOf(0xee);

export function peerIdOf(byte: number): PeerId {
  return byte.toString(16).padStart(2, '0').repeat(20) as PeerId;
}

/** The far end of a memory link, played by the test by hand. Frames arrive as soon as they are sent. */
export class RemoteEnd {
  readonly id: PeerId;
  readonly link: MemoryLink;
  /** Our engine's side of it. */
  readonly peer: Peer;
  readonly received: (ControlMessage | BlockMessage)[] = [];
  readonly events: string[] = [];
  onReceived: () => void = () => undefined;
  gone: { readonly reason: string; readonly blamed: boolean } | undefined;

  /** @param handlers what our engine does with the peer, besides what is noted here */
  constructor(id: PeerId, handlers: Partial<PeerHandlers> = {}, nowMs = 0) {
    this.id = id;
    const [near, far] = memoryLinkPair((deliver) => deliver());
    this.link = far;
    const note =
      <Rest extends unknown[]>(name: keyof PeerHandlers, handler: ((peer: Peer, ...rest: Rest) => void) | undefined) =>
      (peer: Peer, ...rest: Rest): void => {
        this.events.push(name);
        handler?.(peer, ...rest);
      };
    this.peer = new Peer(
      id,
      near,
      {
        onReady: note('onReady', handlers.onReady?.bind(handlers)),
        onPossession: note('onPossession', handlers.onPossession?.bind(handlers)),
        onHave: note('onHave', handlers.onHave?.bind(handlers)),
        onDontHave: note('onDontHave', handlers.onDontHave?.bind(handlers)),
        onMetadata: note('onMetadata', handlers.onMetadata?.bind(handlers)),
        onHashes: note('onHashes', handlers.onHashes?.bind(handlers)),
        onPush: note('onPush', handlers.onPush?.bind(handlers)),
        onRequest: note('onRequest', handlers.onRequest?.bind(handlers)),
        onCancel: note('onCancel', handlers.onCancel?.bind(handlers)),
        onReject: note('onReject', handlers.onReject?.bind(handlers)),
        onBlock: note('onBlock', handlers.onBlock?.bind(handlers)),
        onChoking: note('onChoking', handlers.onChoking?.bind(handlers)),
        onDrain: note('onDrain', handlers.onDrain?.bind(handlers)),
        onLaneMessage: note('onLaneMessage', handlers.onLaneMessage?.bind(handlers)),
        onLaneOpen: note('onLaneOpen', handlers.onLaneOpen?.bind(handlers)),
        onLaneLost: note('onLaneLost', handlers.onLaneLost?.bind(handlers)),
        onGone: (peer, reason, blamed) => {
          this.gone = { reason, blamed };
          handlers.onGone?.(peer, reason, blamed);
        },
      },
      nowMs,
    );
    far.receive({
      onFrame: (channel, frame) => {
        const message = channel === 'control' ? decodeControl(frame) : decodeBulk(frame);
        if (message !== undefined) this.received.push(message);
        this.onReceived();
      },
      onDrain() {},
      onClose() {},
    });
  }

  /** Our side begins; what it sent is in `received`. */
  start(info?: TorrentInfo): this {
    this.peer.start(OWN_ID, info);
    return this;
  }

  send(message: ControlMessage): this {
    this.link.send('control', encodeControl(message));
    return this;
  }

  sendRaw(channel: 'control' | 'bulk', frame: Bytes): this {
    this.link.send(channel, frame);
    return this;
  }

  hello(metadataBytes = 0): this {
    return this.send({ type: 'hello', version: PROTOCOL_VERSION, peerId: this.id, metadataBytes });
  }

  sendBlock({ piece, offsetBytes }: Omit<BlockRange, 'lengthBytes'>, payload: Uint8Array): this {
    this.link.send('bulk', encodeBlock(piece, offsetBytes, payload));
    return this;
  }

  /** The blocks it was asked for and `takeRanges` did not take yet, oldest first. */
  get ranges(): BlockRange[] {
    return this.received.flatMap((message) => (message.type === 'request' ? message.ranges : []));
  }

  /** Takes the blocks it was asked for, oldest first. */
  takeRanges(): BlockRange[] {
    return this.take('request').flatMap(({ ranges }) => ranges);
  }

  /** Takes what arrived of one type, oldest first. */
  take<Type extends ControlMessage['type'] | 'block'>(type: Type): Extract<ControlMessage | BlockMessage, { type: Type }>[] {
    const taken: Extract<ControlMessage | BlockMessage, { type: Type }>[] = [];
    for (const message of this.received.splice(0)) {
      if (message.type === type) taken.push(message as Extract<ControlMessage | BlockMessage, { type: Type }>);
      else this.received.push(message);
    }
    return taken;
  }
}
