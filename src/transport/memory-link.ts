import type { Bytes } from '@/src/base/bytes';
import type { LinkChannel, LinkHandlers, LinkPath, PeerLink } from './peer-link';

/** Two ends of a link inside one process. Frames wait until `flush` (or the given scheduler) delivers them: tests decide when. */
export function memoryLinkPair(schedule: (deliver: () => void) => void = queueMicrotask): [MemoryLink, MemoryLink] {
  const left = new MemoryLink(schedule);
  const right = new MemoryLink(schedule);
  left.other = right;
  right.other = left;
  return [left, right];
}

export class MemoryLink implements PeerLink {
  other: MemoryLink | undefined;
  readonly #schedule: (deliver: () => void) => void;
  #handlers: LinkHandlers | undefined;
  #early: { channel: LinkChannel; frame: Bytes }[] = [];
  #closed: string | undefined;

  constructor(schedule: (deliver: () => void) => void) {
    this.#schedule = schedule;
  }

  get bufferedBulkBytes(): number {
    return 0;
  }

  send(channel: LinkChannel, frame: Bytes): void {
    if (this.#closed !== undefined) return;
    const sent = frame.slice();
    this.#schedule(() => this.other?.deliver(channel, sent));
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
    this.#schedule(() => this.other?.close('the peer left'));
    this.#handlers?.onClose(reason);
  }

  path(): Promise<LinkPath> {
    return Promise.resolve({ kind: 'memory', rttMs: 0 });
  }

  deliver(channel: LinkChannel, frame: Bytes): void {
    if (this.#closed !== undefined) return;
    if (this.#handlers === undefined) this.#early.push({ channel, frame });
    else this.#handlers.onFrame(channel, frame);
  }
}
