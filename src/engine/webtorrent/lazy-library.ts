import { randomPeerId, type PeerId } from '@/src/protocol/ids';
import type { EngineOptions } from '../engine-options';
import { WebTorrentLibrary } from './library';

/** The one client of the library in an engine: loaded when the first session needs it, gone with the engine. */
export class LazyLibrary {
  /** The viewer's id among WebTorrent peers, new with each start of the engine. */
  readonly peerId: PeerId;
  readonly #options: EngineOptions;
  #library: Promise<WebTorrentLibrary> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.peerId = randomPeerId(options.randomBytes);
  }

  /** Rejects when the package cannot be loaded; the next call tries again. */
  get(): Promise<WebTorrentLibrary> {
    this.#library ??= WebTorrentLibrary.load({
      peerId: this.peerId,
      onError: (error) => this.#options.logger.warn('the WebTorrent client failed', { reason: error.message }),
    }).catch((error: unknown) => {
      this.#library = undefined;
      throw error;
    });
    return this.#library;
  }

  async close(): Promise<void> {
    const library = await this.#library?.catch(() => undefined);
    this.#library = undefined;
    await library?.close();
  }
}
