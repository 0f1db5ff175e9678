import { buildRawPage, buildWebTorrentPage } from './build-page';
import { openExtensionSystem } from './extension-system';
import { fillProfile, type FilledProfile } from './filled-profile';
import type { BenchFilm } from './film';
import { openPageSystem } from './page-system';
import { openRawSystem } from './raw-system';
import type { Surroundings } from './surroundings';
import { SYSTEMS, type SystemName } from './systems';
import type { RunningSystem } from './viewer';

/** Starts systems; what several of them need, a filled profile for each film and the built pages, is made once. */
export class SystemOpener {
  readonly #extensionDir: string;
  readonly #profiles = new Map<string, FilledProfile>();
  #webTorrentPage: ReturnType<typeof buildWebTorrentPage> | undefined;
  #rawPage: ReturnType<typeof buildRawPage> | undefined;

  constructor(extensionDir: string) {
    this.#extensionDir = extensionDir;
  }

  readonly open = async (name: SystemName, around: Surroundings): Promise<RunningSystem> => {
    const system = SYSTEMS[name];
    switch (system.kind) {
      case 'extension': {
        const profile = await this.#profileWith(around.film);
        return openExtensionSystem({ mode: system.mode, extensionDir: this.#extensionDir, profile }, around);
      }
      case 'webtorrent-page':
        this.#webTorrentPage ??= buildWebTorrentPage();
        return openPageSystem({ store: system.store, pages: await this.#webTorrentPage }, around);
      case 'raw-channels':
        this.#rawPage ??= buildRawPage();
        return openRawSystem({ connections: system.connections, pages: await this.#rawPage }, around);
    }
  };

  async close(): Promise<void> {
    for (const profile of this.#profiles.values()) await profile.remove();
  }

  async #profileWith(film: BenchFilm): Promise<FilledProfile> {
    const existing = this.#profiles.get(film.path);
    if (existing !== undefined) return existing;
    const filled = await fillProfile(film, this.#extensionDir);
    this.#profiles.set(film.path, filled);
    return filled;
  }
}
