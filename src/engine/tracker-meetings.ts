import type { InfoHash } from '@/src/protocol/ids';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { isPrivateServer } from '@/src/transport/candidate-filter';
import type { SwarmTracker } from '@/src/transport/swarm-tracker';
import { TrackerRendezvous, type TrackerRendezvousOptions } from './tracker-rendezvous';

/** Later where there are other ways to find peers: those bring the first picture sooner, and each offer takes a browser some 10 ms. */
const AFTER_OTHERS_MS = 1000;

type Shared = Omit<TrackerRendezvousOptions, 'infoHash' | 'swarmId' | 'url' | 'typedByViewer' | 'signal' | 'allowHost' | 'offered'>;

export interface TrackerMeetingsOptions extends Shared {
  readonly signal: AbortSignal;
  allowLocalPeers(): boolean;
}

interface Meeting {
  readonly url: string;
  readonly infoHash: InfoHash;
  readonly rendezvous: TrackerRendezvous;
  readonly abort: AbortController;
}

/** Every tracker that carries a session's native swarm. */
export class TrackerMeetings {
  readonly #options: TrackerMeetingsOptions;
  readonly #offered: TrackerRendezvousOptions['offered'] = new Map();
  /** By address; whether the viewer typed it. */
  #urls: ReadonlyMap<string, boolean> = new Map();
  #hashes: readonly InfoHash[] = [];
  #meetings: readonly Meeting[] = [];
  #state: 'out' | 'waiting' | 'in' = 'out';
  #cancelWait: (() => void) | undefined;

  constructor(options: TrackerMeetingsOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.leave(), { once: true });
  }

  /** One for each address, whatever number of hashes the swarm has. */
  get trackers(): readonly SwarmTracker[] {
    return this.#meetings.filter(({ infoHash }) => infoHash === this.#hashes[0]).map(({ rendezvous }) => rendezvous.tracker);
  }

  /** @param urls each with whether the viewer typed it: such ones may be anywhere */
  configure(urls: ReadonlyMap<string, boolean>): void {
    this.#urls = urls;
    this.#meet();
  }

  /** What the viewer allows local peers to know has changed. */
  renew(): void {
    const wasIn = this.#state === 'in';
    this.leave();
    if (wasIn) this.#enter();
  }

  /** @param afterOthers there are other ways to find peers */
  join(hashes: readonly InfoHash[], afterOthers: boolean): void {
    this.#hashes = hashes;
    if (this.#state === 'in') this.#meet();
    if (this.#state !== 'out') return;
    if (!afterOthers) return this.#enter();
    this.#state = 'waiting';
    this.#cancelWait = this.#options.engine.clock.after(AFTER_OTHERS_MS, () => this.#enter());
  }

  leave(): void {
    this.#cancelWait?.();
    this.#state = 'out';
    for (const { abort } of this.#meetings) abort.abort();
    this.#meetings = [];
  }

  retry(): void {
    for (const { rendezvous } of this.#meetings) rendezvous.tracker.retry();
  }

  #enter(): void {
    this.#state = 'in';
    this.#meet();
  }

  #meet(): void {
    if (this.#state !== 'in') return;
    const isKept = ({ url, infoHash }: Meeting): boolean => this.#urls.has(url) && this.#hashes.includes(infoHash);
    for (const meeting of this.#meetings) if (!isKept(meeting)) meeting.abort.abort();
    const kept = this.#meetings.filter(isKept);
    const pairs = [...this.#urls].flatMap(([url, typed]) => this.#hashes.map((infoHash) => ({ url, typed, infoHash })));
    const missing = pairs.filter(({ url, infoHash }) => !kept.some((other) => other.url === url && other.infoHash === infoHash));
    this.#meetings = [...kept, ...missing.map(({ url, typed, infoHash }) => this.#open(url, typed, infoHash))];
  }

  #open(url: string, typedByViewer: boolean, infoHash: InfoHash): Meeting {
    const abort = new AbortController();
    const rendezvous = new TrackerRendezvous({
      ...this.#options,
      infoHash,
      swarmId: swarmIdOf(infoHash),
      url,
      typedByViewer,
      offered: this.#offered,
      signal: abort.signal,
      allowHost: this.#options.allowLocalPeers() || isPrivateServer(url),
    });
    return { url, infoHash, rendezvous, abort };
  }
}
