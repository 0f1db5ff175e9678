import { parseInfoDictionary } from '@/src/protocol/metainfo';
import type { InfoHash } from '@/src/protocol/ids';
import type { StoredFilmSnapshot } from '@/src/protocol/engine-api';
import type { StoredTorrent } from '@/src/store/chunk-store';
import type { EngineOptions } from './engine-options';
import { FilmIndex } from './film-index';

/** More would be no list for people; they can still be deleted together. */
const MAX_LISTED = 200;

type Description = Pick<StoredFilmSnapshot, 'name' | 'totalBytes' | 'watchedAtMs'>;

/** What is known of films that no session is open for. Each is described once, until it is opened again. */
export class StoredFilms {
  readonly #engine: EngineOptions;
  readonly #described = new Map<InfoHash, Description>();

  constructor(engine: EngineOptions) {
    this.#engine = engine;
  }

  /** It is open, or gone: what was said of it holds no more. */
  forget(infoHash: InfoHash): void {
    this.#described.delete(infoHash);
  }

  /** Those that take room, the one watched last first. */
  async describe(closed: readonly StoredTorrent[]): Promise<readonly StoredFilmSnapshot[]> {
    const stored = closed.filter(({ storedBytes }) => storedBytes > 0);
    const films = await Promise.all(
      stored.map(async ({ infoHash, storedBytes, roomBytes }) => ({
        infoHash,
        storedBytes,
        roomBytes,
        ...(await this.#describe(infoHash)),
      })),
    );
    return films.sort((left, right) => right.watchedAtMs - left.watchedAtMs).slice(0, MAX_LISTED);
  }

  async #describe(infoHash: InfoHash): Promise<Description> {
    const known = this.#described.get(infoHash);
    if (known !== undefined) return known;
    const { store, clock } = this.#engine;
    const infoBytes = await store.loadInfo(infoHash);
    const parsed = infoBytes === undefined ? undefined : parseInfoDictionary(infoBytes, infoHash);
    const notes = await store.loadIndex(infoHash);
    const description = {
      name: parsed?.ok === true ? parsed.info.name : infoHash,
      totalBytes: parsed?.ok === true ? parsed.info.totalBytes : 0,
      watchedAtMs: notes === undefined ? 0 : FilmIndex.decode(notes, 0, clock.now()).watchedAtMs,
    };
    this.#described.set(infoHash, description);
    return description;
  }
}
