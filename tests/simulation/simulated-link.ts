import type { Bytes } from '@/src/base/bytes';
import type { LinkChannel, LinkHandlers, LinkPath, PeerLink } from '@/src/transport/peer-link';
import type { Host } from './host';
import type { Parcel, Parcels } from './parcels';
import type { VirtualClock } from './virtual-clock';

/** IP, UDP, DTLS and SCTP headers: some 77 bytes in each packet of 1.2 KB. */
const WIRE_FACTOR = 1.07;
const WIRE_FRAME_BYTES = 80;
/** One packet: it waits behind nothing but older frames of its own channel. */
const SMALL_FRAME_BYTES = 1100;
/** As WebRtcLink has it. */
const BULK_LOW_WATER_BYTES = 64 * 1024;
/** SCTP's slow start: so much may be under way at first, and as much more as has arrived, up to a socket buffer. */
const FIRST_WINDOW_BYTES = 16 * 1024;
const MAX_WINDOW_BYTES = 1024 * 1024;
/** ICE gives a path up when consent is not renewed for so long (RFC 7675). */
const CONSENT_MS = 30_000;

/** Where links meet the rest of the simulation. */
export interface LinkMedium {
  readonly clock: VirtualClock;
  readonly parcels: Parcels;
  /** A block has come in. @param frameBytes of the whole frame */
  onBlock(from: Host, to: Host, frameBytes: number): void;
}

/**
 * One end of a link over the simulated network: a connection with a window of its own (slow start, no loss) through the sender's uplink,
 * the way between the two hosts and the receiver's downlink. Control frames go ahead of bulk, and each channel keeps its order.
 */
export class SimulatedLink implements PeerLink {
  readonly #medium: LinkMedium;
  readonly #own: Host;
  readonly #theirs: Host;
  readonly #delayMs: number;
  #other: SimulatedLink | undefined;
  #handlers: LinkHandlers | undefined;
  readonly #early: Parcel[] = [];
  readonly #control: Parcel[] = [];
  readonly #bulk: Parcel[] = [];
  #leaving: Parcel | undefined;
  #isQueued = false;
  #bulkBytes = 0;
  #underWayBytes = 0;
  #windowBytes = FIRST_WINDOW_BYTES;
  /** Control frames that wait for the uplink or are under way: the next one must not overtake them. */
  #largeControls = 0;
  #closed: string | undefined;

  private constructor(medium: LinkMedium, own: Host, theirs: Host) {
    this.#medium = medium;
    this.#own = own;
    this.#theirs = theirs;
    this.#delayMs = own.delayTo(theirs);
    own.links.add(this);
  }

  static pair(medium: LinkMedium, left: Host, right: Host): [SimulatedLink, SimulatedLink] {
    const ends: [SimulatedLink, SimulatedLink] = [new SimulatedLink(medium, left, right), new SimulatedLink(medium, right, left)];
    [ends[0].#other, ends[1].#other] = [ends[1], ends[0]];
    return ends;
  }

  get bufferedBulkBytes(): number {
    return this.#bulkBytes;
  }

  send(channel: LinkChannel, frame: Bytes): void {
    if (this.#closed !== undefined || this.#own.hasVanished) return;
    const parcel = this.#medium.parcels.pack(channel, frame);
    if (channel === 'control' && frame.length <= SMALL_FRAME_BYTES && this.#largeControls === 0) {
      this.#own.sendSmall(frame.length + WIRE_FRAME_BYTES);
      this.#medium.clock.at(this.#medium.clock.now() + this.#delayMs, () => this.#other?.deliver(parcel));
      return;
    }
    if (channel === 'control') {
      this.#largeControls++;
      this.#control.push(parcel);
    } else {
      this.#bulk.push(parcel);
      this.#bulkBytes += frame.length;
    }
    this.#queueUp();
  }

  receive(handlers: LinkHandlers): void {
    this.#handlers = handlers;
    for (const parcel of this.#early.splice(0)) this.deliver(parcel);
    if (this.#closed !== undefined) handlers.onClose(this.#closed);
  }

  close(reason: string): void {
    if (this.#closed !== undefined) return;
    const hasVanished = this.#own.hasVanished;
    this.lose(reason);
    if (!hasVanished) this.#medium.clock.at(this.#medium.clock.now() + this.#delayMs, () => this.#other?.lose('the peer left'));
  }

  path(): Promise<LinkPath> {
    return Promise.resolve({ kind: 'memory', rttMs: 2 * this.#delayMs });
  }

  /** The host vanished: the other side finds out when its consent runs out, this side is never asked again. */
  loseSilently(): void {
    this.#medium.clock.at(this.#medium.clock.now() + CONSENT_MS, () => this.#other?.lose('the connection was lost'));
  }

  /** It is over at this end; the other one hears nothing of it. */
  lose(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#own.links.delete(this);
    this.#control.length = 0;
    this.#bulk.length = 0;
    this.#bulkBytes = 0;
    this.#handlers?.onClose(reason);
  }

  /** For the uplink: the frame that leaves next, and how long it is on the wire. */
  takeNext(): number {
    this.#isQueued = false;
    this.#leaving = this.#control.shift() ?? this.#bulk.shift();
    if (this.#leaving === undefined) return 0;
    this.#underWayBytes += this.#leaving.lengthBytes;
    return onWire(this.#leaving.lengthBytes);
  }

  /** For the uplink: that frame has left. */
  onLeft(): void {
    const parcel = this.#leaving;
    this.#leaving = undefined;
    if (parcel === undefined || this.#own.hasVanished) return;
    this.#medium.clock.at(this.#medium.clock.now() + this.#delayMs, () => this.#arrive(parcel));
    this.#queueUp();
    if (parcel.channel === 'control' || this.#closed !== undefined) return;
    const before = this.#bulkBytes;
    this.#bulkBytes -= parcel.lengthBytes;
    if (before > BULK_LOW_WATER_BYTES && this.#bulkBytes <= BULK_LOW_WATER_BYTES) this.#handlers?.onDrain();
  }

  deliver(parcel: Parcel): void {
    if (this.#closed !== undefined || this.#own.hasVanished) return;
    if (this.#handlers === undefined) return void this.#early.push(parcel);
    if (parcel.channel === 'bulk') this.#medium.onBlock(this.#theirs, this.#own, parcel.lengthBytes);
    this.#handlers.onFrame(parcel.channel, this.#medium.parcels.unpack(parcel));
  }

  /** At the receiver's line, which other frames may be coming in by. */
  #arrive(parcel: Parcel): void {
    const { clock } = this.#medium;
    const wholeAtMs = this.#theirs.receive(onWire(parcel.lengthBytes));
    if (wholeAtMs <= clock.now() + 1) this.#handOver(parcel);
    else clock.at(wholeAtMs, () => this.#handOver(parcel));
  }

  #handOver(parcel: Parcel): void {
    if (parcel.channel === 'control') this.#largeControls--;
    this.#underWayBytes -= parcel.lengthBytes;
    this.#windowBytes = Math.min(MAX_WINDOW_BYTES, this.#windowBytes + parcel.lengthBytes);
    this.#queueUp();
    this.#other?.deliver(parcel);
  }

  #queueUp(): void {
    if (this.#isQueued || this.#leaving !== undefined || this.#closed !== undefined) return;
    if (this.#control.length + this.#bulk.length === 0 || this.#underWayBytes >= this.#windowBytes) return;
    this.#isQueued = true;
    this.#own.enqueue(this);
  }
}

function onWire(frameBytes: number): number {
  return frameBytes * WIRE_FACTOR + WIRE_FRAME_BYTES;
}
