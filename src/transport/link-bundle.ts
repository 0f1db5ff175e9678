import type { Bytes } from '@/src/base/bytes';
import type { LinkChannel, LinkHandlers, LinkPath, PeerLink } from './peer-link';

export interface BundleHandlers extends LinkHandlers {
  /** A connection beside the first is gone, and with it what was on its way in it. */
  onLaneLost(): void;
}

/**
 * One link over one to four connections (SPEC L5): control frames go over the first, each block over the one that has least waiting. It
 * lives as long as the first.
 */
export class LinkBundle implements PeerLink {
  readonly #first: PeerLink;
  readonly #lanes: PeerLink[] = [];
  #handlers: BundleHandlers | undefined;
  #turn = 0;
  #isClosed = false;

  constructor(first: PeerLink) {
    this.#first = first;
  }

  get laneCount(): number {
    return this.#lanes.length;
  }

  /** Of the connection that has least waiting: the next block goes there. */
  get bufferedBulkBytes(): number {
    if (this.#lanes.length === 0) return this.#first.bufferedBulkBytes;
    return this.#leastBuffered().bufferedBulkBytes;
  }

  send(channel: LinkChannel, frame: Bytes): void {
    const link = channel === 'control' || this.#lanes.length === 0 ? this.#first : this.#leastBuffered();
    link.send(channel, frame);
  }

  receive(handlers: BundleHandlers): void {
    this.#handlers = handlers;
    this.#first.receive({
      onFrame: (channel, frame) => handlers.onFrame(channel, frame),
      onDrain: () => handlers.onDrain(),
      onClose: (reason) => this.#onClose(reason),
    });
  }

  /**
   * The link is taken over, and closed with the bundle. Its control channel is not used: a frame on it ends the bundle.
   *
   * @param onClose it is closed, for whatever reason
   */
  addLane(lane: PeerLink, onClose: () => void = () => undefined): void {
    if (!this.#isClosed) this.#lanes.push(lane);
    lane.receive({
      onFrame: (channel, frame) => {
        if (channel === 'bulk') this.#handlers?.onFrame(channel, frame);
        else this.close('L5: a control frame beside the first connection');
      },
      onDrain: () => this.#handlers?.onDrain(),
      onClose: () => {
        onClose();
        this.#onLaneClosed(lane);
      },
    });
    if (this.#isClosed) return lane.close('the link is over');
    this.#handlers?.onDrain();
  }

  close(reason: string): void {
    this.#first.close(reason);
  }

  path(): Promise<LinkPath> {
    return this.#first.path();
  }

  /** Ties go round, so that each connection's window grows. */
  #leastBuffered(): PeerLink {
    const links = [this.#first, ...this.#lanes];
    this.#turn = (this.#turn + 1) % links.length;
    let best = links[this.#turn] ?? this.#first;
    for (const link of links) if (link.bufferedBulkBytes < best.bufferedBulkBytes) best = link;
    return best;
  }

  #onLaneClosed(lane: PeerLink): void {
    const index = this.#lanes.indexOf(lane);
    if (index < 0) return;
    this.#lanes.splice(index, 1);
    if (!this.#isClosed) this.#handlers?.onLaneLost();
  }

  #onClose(reason: string): void {
    this.#isClosed = true;
    for (const lane of this.#lanes.splice(0)) lane.close(reason);
    this.#handlers?.onClose(reason);
  }
}
