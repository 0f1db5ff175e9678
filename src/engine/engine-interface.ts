import type { Bytes } from '@/src/base/bytes';
import type { EngineCalls, EngineEvents, EngineSettings, SessionId, StreamRequest } from '@/src/protocol/engine-api';

/** The engine as its host sees it (src/host puts it behind ports; scripts and tests call it directly). */
export interface Engine {
  /** One interface page. Its views and watches end when the signal aborts. */
  connectClient(events: EngineEvents, signal: AbortSignal): EngineCalls;
  /** A film may be asked for within the second: connects to the signaling servers, loads what its sources need. Nothing before consent. */
  warm(): void;
  /**
   * Opens the session of a magnet link before the page that asked for it is there; it ends by itself when none comes within
   * `lingerMs`. Undefined when the link cannot be opened, or consent is missing.
   */
  openAhead(magnet: string): SessionId | undefined;
  /** The network is back: servers and trackers that could not be reached are asked now, whenever their next turn would be. */
  reconnect(): void;
  /** Opens one file for reading from a byte on; waits for the metadata. @throws {EngineCallError} `unknown-session`, `bad-request` (no such file) */
  openStream(request: StreamRequest, signal: AbortSignal): Promise<OpenedStream>;
  applySettings(settings: EngineSettings): void;
  /** Leaves every swarm, closes the store durably. */
  close(): Promise<void>;
}

export interface OpenedStream {
  /** Length of the whole file. */
  readonly fileLengthBytes: number;
  /** MIME type guessed from the file's name. */
  readonly contentType: string;
  /**
   * The next run of verified bytes, 1 to `maxBytes` long (the buffer is the caller's and may be transferred); empty at the end of the
   * file. Waits as long as the bytes are missing. Rejects only once the signal aborted or the session ended.
   */
  read(maxBytes: number): Promise<Bytes>;
}
