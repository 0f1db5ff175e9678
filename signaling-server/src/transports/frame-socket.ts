import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { assert } from '@/src/base/assert';
import { textFrame } from './text-frame';

/** Of one message: browsers and libraries send few, and each costs as much as a message does. */
const MAX_FRAGMENTS = 64;

/** A WebSocket that writes text in one piece: the library writes the head of a frame and what is in it one by one. */
export class FrameSocket extends WebSocket {
  /** What the library writes to, too, but never while a message of its own is only half written: nothing is compressed. */
  stream: Duplex | undefined;

  override send(data: Data, options?: SendOptions | Sent, callback?: Sent): void {
    if (typeof options === 'object') super.send(data, options, callback);
    else if (typeof data === 'string') this.sendFrame(textFrame(data), options);
    else super.send(data, options);
  }

  /** @param frame whole, as it goes over the wire; given to nobody who is not there any more */
  sendFrame(frame: Buffer, callback?: Sent): void {
    if (this.readyState === WebSocket.OPEN) this.stream?.write(frame, callback as (error?: Error | null) => void);
    else callback?.(new Error('The WebSocket is not open.'));
  }
}

type Data = Parameters<WebSocket['send']>[0];
type SendOptions = Parameters<WebSocket['send']>[1];
type Sent = (error?: Error) => void;

/** Makes such sockets, with the limits of all transports. */
export class FrameSocketServer extends WebSocketServer<typeof FrameSocket> {
  constructor(options: ServerOptions<typeof FrameSocket>) {
    super({ WebSocket: FrameSocket, perMessageDeflate: false, ...options, maxFragments: MAX_FRAGMENTS });
  }

  override handleUpgrade(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    onSocket: (socket: FrameSocket, request: IncomingMessage) => void,
  ): void {
    super.handleUpgrade(request, stream, head, (socket, upgraded) => {
      assert(socket instanceof FrameSocket, 'this server makes such sockets');
      socket.stream = stream;
      onSocket(socket, upgraded);
    });
  }
}
