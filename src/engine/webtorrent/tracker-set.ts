import type { TrackerSnapshot } from '@/src/protocol/engine-api';
import type { InfoHash, PeerId } from '@/src/protocol/ids';
import { isPrivateServer } from '@/src/transport/candidate-filter';
import type { PeerAdmission } from '@/src/transport/peer-admission';
import type { WireChannel } from '@/src/transport/wire-channel';
import { createTrackerClient, type TrackerClient, type TrackerClientOptions } from '@/src/transport/webtorrent-tracker';
import type { EngineOptions } from '../engine-options';

export interface TrackerSetOptions {
  readonly engine: EngineOptions;
  /** Known before it is started. */
  infoHash(): InfoHash | undefined;
  readonly peerId: PeerId;
  readonly admission: PeerAdmission;
  rtcConfiguration(): RTCConfiguration;
  allowLocalPeers(): boolean;
  wanted(): number;
  progress: TrackerClientOptions['progress'];
  onChannel(channel: WireChannel): void;
  onChange(): void;
}

interface Tracker {
  readonly client: TrackerClient;
  readonly abort: AbortController;
}

/** Every WebTorrent tracker that one session asks, all at once. */
export class TrackerSet {
  readonly #options: TrackerSetOptions;
  /** By address; whether the viewer typed it. */
  #urls: ReadonlyMap<string, boolean> = new Map();
  readonly #trackers = new Map<string, Tracker>();
  #running = false;

  constructor(options: TrackerSetOptions) {
    this.#options = options;
  }

  /** @param urls each with whether the viewer typed it: such ones may be anywhere */
  configure(urls: ReadonlyMap<string, boolean>): void {
    this.#urls = urls;
    for (const url of this.#trackers.keys()) if (!urls.has(url)) this.#leave(url);
    if (this.#running) this.#join();
  }

  start(): void {
    this.#running = true;
    this.#join();
  }

  stop(): void {
    this.#running = false;
    for (const url of this.#trackers.keys()) this.#leave(url);
  }

  /** Everything of the chosen files is here. */
  completed(): void {
    for (const { client } of this.#trackers.values()) client.completed();
  }

  retry(): void {
    for (const { client } of this.#trackers.values()) client.retry();
  }

  snapshot(): TrackerSnapshot[] {
    return Array.from(this.#trackers.values(), ({ client }) => client.status);
  }

  #join(): void {
    const infoHash = this.#options.infoHash();
    if (infoHash === undefined) return;
    for (const [url, typedByViewer] of this.#urls) {
      if (!this.#trackers.has(url)) this.#trackers.set(url, this.#open(url, typedByViewer, infoHash));
    }
  }

  #leave(url: string): void {
    this.#trackers.get(url)?.abort.abort();
    this.#trackers.delete(url);
  }

  #open(url: string, typedByViewer: boolean, infoHash: InfoHash): Tracker {
    const { engine, peerId, admission } = this.#options;
    const abort = new AbortController();
    const client = createTrackerClient({
      url,
      typedByViewer,
      infoHash,
      peerId,
      signal: abort.signal,
      clock: engine.clock,
      random: () => engine.random(),
      randomBytes: engine.randomBytes,
      createConnection: (configuration) => engine.createConnection(configuration),
      rtcConfiguration: () => this.#options.rtcConfiguration(),
      allowHost: this.#options.allowLocalPeers() || isPrivateServer(url),
      admission,
      wanted: () => this.#options.wanted(),
      progress: () => this.#options.progress(),
      onChannel: (channel) => this.#options.onChannel(channel),
      onStatus: () => this.#options.onChange(),
    });
    return { client, abort };
  }
}
