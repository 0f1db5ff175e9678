import { Duplex } from 'streamx';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import { UNPACED, type Pace, type Paces } from '@/src/base/pace';
import type { PeerId } from '@/src/protocol/ids';
import type { LinkPath } from './peer-link';
import { connectionPath, isWithinPrivateNetwork } from './connection-path';
import { WireGuard, type WireGuardOptions } from './wire-guard';
import { isHave, PIECE_OVERHEAD_BYTES } from './wire-messages';

/** Enough to keep a line busy between two events; more only delays what is urgent. */
const HIGH_WATER_BYTES = 128 * 1024;
const LOW_WATER_BYTES = 64 * 1024;
/** Every implementation takes messages of this size; most say that they take larger ones (RFC 8841), and blocks with their heads are. */
const COMMON_MESSAGE_BYTES = 64 * 1024;
const MAX_MESSAGE_BYTES = 256 * 1024;
/** What everybody asks for at a time (BEP 3), as it goes over the wire. */
const BLOCK_BYTES = 16 * 1024 + PIECE_OVERHEAD_BYTES;
/** What goes into one message where a line is slow: more would keep the peer from seeing what has come. */
const FEW_BLOCKS_BYTES = 4 * BLOCK_BYTES;
/** Where it is fast, what it takes in this time: each message costs both sides more than its bytes do. */
const MESSAGE_MS = 16;
/** Nobody waits for it, and the next request takes it along for nothing. */
const HOLD_BACK_MS = 100;
/** Without a block in it a message is not worth a place in the queue. */
const SMALL_MESSAGE_BYTES = 1024;
/** What goes at once under a limit. */
const PACED_BYTES = 16 * 1024;
/** What may wait for the library beyond the blocks it asked for. */
const UNREAD_SLACK_BYTES = 1024 * 1024;

export interface WireChannelOptions extends Pick<WireGuardOptions, 'infoHash' | 'limits' | 'clock' | 'onHandshake'> {
  /** Unique among all channels of a torrent: the library refuses another of the same name. */
  readonly id: string;
  readonly remotePeerId: PeerId;
  /** Of the certificate it connected with, to know it again. */
  readonly fingerprint: string | undefined;
  /** Closed together with the channel. */
  readonly connection: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  /** It broke a rule: not to be met again. */
  readonly onOffence?: () => void;
}

/** Where a message is put together; it is sent, and so copied, at once. */
let frame: Bytes | undefined;

/**
 * One WebTorrent peer, as the library takes it in `torrent.addPeer`: a duplex stream over a data channel, with a guard in between that
 * lets only well-formed BitTorrent through.
 */
export class WireChannel extends Duplex {
  readonly id: string;
  readonly remotePeerId: PeerId;
  readonly fingerprint: string | undefined;
  readonly guard: WireGuard;
  /** How fast what the library sends leaves, and what the peer sent reaches it. */
  paces: Paces = { upload: UNPACED, download: UNPACED };
  readonly #connection: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #clock: Clock;
  /** What the library had to say of its pieces, and the guard of requests: nobody waits for it. */
  #heldBack: Bytes[] = [];
  #cancelHeldBack: (() => void) | undefined;
  #messageBytes = FEW_BLOCKS_BYTES;
  #resume: (() => void) | undefined;
  /** While something written waits for its pace. */
  #abandon: (() => void) | undefined;
  #unreadBytes = 0;
  #pacedBytes = 0;
  #paced: Promise<void> = Promise.resolve();
  #closeReason: string | undefined;

  constructor(options: WireChannelOptions) {
    const { id, remotePeerId, fingerprint, connection, channel, clock } = options;
    super({ highWaterMark: MAX_MESSAGE_BYTES });
    this.id = id;
    this.remotePeerId = remotePeerId;
    this.fingerprint = fingerprint;
    this.#connection = connection;
    this.#channel = channel;
    this.#clock = clock;
    this.guard = new WireGuard({
      ...options,
      forward: (chunk) => this.#forward(chunk),
      reply: (message) => this.#reply(message),
      onOffence: (reason) => {
        options.onOffence?.();
        this.close(reason);
      },
    });
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    channel.addEventListener('message', (event: MessageEvent<unknown>) => this.#onMessage(event.data));
    channel.addEventListener('bufferedamountlow', () => this.#drain());
    channel.addEventListener('close', () => this.close('the peer left'));
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed' || connection.connectionState === 'closed') this.close('the connection was lost');
    });
    // A stream nobody listens to must not end the process; whoever wants to know listens as well.
    this.on('error', () => undefined);
  }

  /** Asked by the library once, when it takes the peer. */
  get connected(): boolean {
    return !this.destroying && this.#channel.readyState === 'open';
  }

  /** Why it closed, a sentence for developers; undefined while it is open. */
  get closeReason(): string | undefined {
    return this.#closeReason;
  }

  close(reason: string): void {
    this.#closeReason ??= reason;
    this.destroy();
  }

  path(): Promise<LinkPath> {
    return connectionPath(this.#connection);
  }

  /** Whether the other end is on this machine or in the same private network. */
  isLocal(): Promise<boolean> {
    return isWithinPrivateNetwork(this.#connection);
  }

  override _read(done: (error: Error | null) => void): void {
    // Called when next to nothing of what was pushed is left unread.
    this.#unreadBytes = 0;
    done(null);
  }

  /** All that the library has written meanwhile. */
  override _writev(chunks: unknown[], done: (error: Error | null) => void): void {
    const written = chunks as Bytes[];
    if (this.guard.isBetweenSent && written.every(isHave)) {
      this.#holdBack(written);
      return done(null);
    }
    const { upload } = this.paces;
    const parts = [...this.#takeHeldBack(), ...written];
    const bytes = parts.reduce((total, part) => total + part.length, 0);
    const isUnpaced = upload.bytesPerSecond === Number.POSITIVE_INFINITY || bytes <= SMALL_MESSAGE_BYTES;
    if (isUnpaced) this.#sendTogether(parts, done);
    else void this.#sendPaced(parts, upload, done);
  }

  /** One message for each would cost more than all that is in them. */
  #holdBack(messages: readonly Bytes[]): void {
    this.#heldBack.push(...messages);
    this.#cancelHeldBack ??= this.#clock.after(HOLD_BACK_MS, () => {
      this.#cancelHeldBack = undefined;
      // In the midst of a message there is no place for them.
      if (this.#abandon !== undefined || !this.guard.isBetweenSent) return this.#holdBack([]);
      const held = this.#takeHeldBack();
      for (const message of held) this.guard.sending(message);
      this.#send(concatBytes(...held));
    });
  }

  #takeHeldBack(): readonly Bytes[] {
    this.#cancelHeldBack?.();
    this.#cancelHeldBack = undefined;
    return this.#heldBack.splice(0);
  }

  #reply(message: Bytes): void {
    // The guard has heard of all that waits for its pace.
    if (this.#abandon === undefined) this.#send(message);
    else this.#holdBack([message]);
  }

  /** Goes on as the channel takes it, so that no more waits in front of what comes next than the line is worth. */
  #sendTogether(parts: readonly Bytes[], done: (error: Error | null) => void): void {
    let rest = parts;
    for (; !this.destroying; rest = rest.slice(this.#sendMessage(rest))) {
      if (rest.length === 0) this.guard.flushReplies();
      const bufferedBytes = this.#channel.bufferedAmount;
      if (bufferedBytes > HIGH_WATER_BYTES) return this.#whenDrained(bufferedBytes, () => this.#sendTogether(rest, done));
      if (rest.length === 0) break;
    }
    done(null);
  }

  #whenDrained(bufferedBytes: number, call: () => void): void {
    const sinceMs = this.#clock.now();
    this.#resume = () => {
      this.#learnRate((bufferedBytes - this.#channel.bufferedAmount) / Math.max(1, this.#clock.now() - sinceMs));
      call();
    };
  }

  /**
   * One that ends where one of BitTorrent does, where that can be: what is cut off, the peer has to put together again.
   * @returns how many of the parts are in it
   */
  #sendMessage(parts: readonly Bytes[]): number {
    const most = Math.min(this.#messageBytes, this.#maxMessageBytes);
    // Behind a block of ours what is asked for says nothing of the peer's line.
    let isBehind = this.#channel.bufferedAmount > BLOCK_BYTES;
    let count = 0;
    let bytes = 0;
    for (const part of parts) {
      this.guard.sending(part, isBehind);
      count++;
      bytes += part.length;
      isBehind ||= bytes > BLOCK_BYTES;
      if (bytes + BLOCK_BYTES > most && this.guard.isBetweenSent) break;
    }
    this.#send(joined(parts.slice(0, count), bytes));
    return count;
  }

  async #sendPaced(parts: readonly Bytes[], pace: Pace, done: (error: Error | null) => void): Promise<void> {
    for (const part of parts) this.guard.sending(part, true);
    const bytes = concatBytes(...parts);
    let isAbandoned = false;
    this.#abandon = () => {
      isAbandoned = true;
      done(null);
    };
    for (let at = 0; at < bytes.length; at += PACED_BYTES) {
      const slice = bytes.subarray(at, at + PACED_BYTES);
      await pace.take(slice.length);
      if (isAbandoned) return;
      this.#send(slice);
    }
    // Sending may have closed it.
    if (isAbandoned) return;
    this.#abandon = undefined;
    this.#sendTogether(this.guard.isBetweenSent ? this.#takeHeldBack() : [], done);
  }

  #learnRate(bytesPerMs: number): void {
    const taken = (this.#messageBytes + bytesPerMs * MESSAGE_MS) / 2;
    this.#messageBytes = Math.min(Math.max(taken, FEW_BLOCKS_BYTES), MAX_MESSAGE_BYTES);
  }

  override _predestroy(): void {
    this.#closeReason ??= 'the library let go';
    this.#cancelHeldBack?.();
    this.#drain();
    const abandon = this.#abandon;
    this.#abandon = undefined;
    abandon?.();
  }

  override _destroy(done: (error: Error | null) => void): void {
    this.#channel.close();
    this.#connection.close();
    done(null);
  }

  #onMessage(data: unknown): void {
    if (this.destroying) return;
    if (!(data instanceof ArrayBuffer)) return this.close('the peer sent text');
    this.guard.receive(new Uint8Array(data));
  }

  #forward(chunk: Bytes): void {
    const { download } = this.paces;
    const isPaced = this.#pacedBytes > 0 || download.bytesPerSecond !== Number.POSITIVE_INFINITY;
    if (isPaced) this.#pacedBytes += chunk.length;
    else this.#unreadBytes += chunk.length;
    if (this.#unreadBytes + this.#pacedBytes > UNREAD_SLACK_BYTES + this.guard.mostRequestedBytes) {
      this.close('the peer sent more than could be read');
    } else if (isPaced) this.#paced = this.#paced.then(() => this.#pushPaced(chunk, download));
    else this.push(chunk);
  }

  async #pushPaced(chunk: Bytes, pace: Pace): Promise<void> {
    if (!this.destroying) await pace.take(chunk.length);
    this.#pacedBytes -= chunk.length;
    if (this.destroying) return;
    this.#unreadBytes += chunk.length;
    this.push(chunk);
  }

  #send(bytes: Bytes): void {
    if (this.destroying) return;
    try {
      const most = this.#maxMessageBytes;
      for (let at = 0; at < bytes.length; at += most) this.#channel.send(bytes.subarray(at, at + most));
    } catch {
      // The channel closed or its buffer overflowed: either way bytes are lost, and with them the stream.
      this.close('sending failed');
    }
  }

  get #maxMessageBytes(): number {
    const { maxMessageSize = COMMON_MESSAGE_BYTES } = this.#connection.sctp ?? {};
    return Math.min(Math.max(maxMessageSize, COMMON_MESSAGE_BYTES), MAX_MESSAGE_BYTES);
  }

  #drain(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }
}

/** What several parts have together; it is good until the next call. */
function joined(parts: readonly Bytes[], lengthBytes: number): Bytes {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  if (lengthBytes > MAX_MESSAGE_BYTES) return concatBytes(...parts);
  frame ??= new Uint8Array(MAX_MESSAGE_BYTES);
  let at = 0;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame.subarray(0, lengthBytes);
}
