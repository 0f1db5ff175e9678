import type { InfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { chooseEvictions, type Eviction } from '@/src/scheduler/eviction-policy';
import { storageQuotaBytes } from '@/src/scheduler/storage-quota';
import type { StoredTorrent, TorrentChunks } from '@/src/store/chunk-store';
import type { EngineOptions } from './engine-options';
import { FilmIndex } from './film-index';
import { StoredFilm, type StoredFilmOptions } from './stored-film';

/** Asking a browser how much is free costs a round to another process. */
const FREE_KNOWN_FOR_MS = 30_000;
/** Making room costs flushes: each time a bit more than has to be is made, a sixteenth of the quota at most. */
const MAX_SLACK_BYTES = 64 * 1024 * 1024;

/** So much is written before it is known what there is, if it is a small part of the quota. */
const UNASKED_BYTES = 4 * 1024 * 1024;
const UNASKED_SHARE = 1 / 64;

/** The room all films together may take: counts it, and lets go of what was watched least recently before it is exceeded. */
export class StoreRoom {
  readonly #engine: EngineOptions;
  readonly #open = new Map<InfoHash, StoredFilm>();
  /** Films that nobody has open, as of the last count. */
  #closed: readonly StoredTorrent[] = [];
  /** Closed films that are open for a moment, to let go of some of their pieces. */
  readonly #shrinking = new Map<InfoHash, Promise<void>>();
  #setBytes: number | undefined;
  #freeBytes: number | undefined;
  #freeAskedAtMs = Number.NEGATIVE_INFINITY;
  /** Of pieces that are being written. */
  #reservedBytes = 0;
  #making: Promise<void> | undefined;
  #learning: Promise<void> | undefined;
  #hasLearnt = false;

  constructor(engine: EngineOptions) {
    this.#engine = engine;
  }

  configure(setBytes: number | undefined): void {
    this.#setBytes = setBytes;
  }

  /** In bytes, as far as is known how much is free. */
  get quotaBytes(): number {
    const quotaBytes = storageQuotaBytes(this.#setBytes, this.#freeBytes, this.usedBytes);
    return Math.min(quotaBytes, this.#engine.storeLimitBytes ?? Number.POSITIVE_INFINITY);
  }

  /** Size of the pieces that films have here, as of the last one written; undefined until the store has said what it holds. */
  get storedBytes(): number | undefined {
    if (!this.#hasLearnt) return undefined;
    let stored = this.#closed.reduce((total, film) => total + film.storedBytes, 0);
    for (const film of this.#open.values()) stored += film.storedBytes;
    return stored;
  }

  get usedBytes(): number {
    let used = this.#closed.reduce((total, film) => total + film.roomBytes, 0);
    for (const film of this.#open.values()) used += film.roomBytes;
    return used;
  }

  /** What a film may take without taking anything from other open ones. */
  budgetBytes(film: InfoHash): number {
    let others = 0;
    for (const [infoHash, open] of this.#open) if (infoHash !== film) others += open.roomBytes;
    return Math.max(0, this.quotaBytes - others);
  }

  /** Opens a film in the store, once nobody else has it. @throws {StoreError} */
  async open(info: TorrentInfo): Promise<StoredFilm> {
    const { infoHash } = info;
    await this.learn();
    await this.#shrinking.get(infoHash);
    const film = await StoredFilm.open(this.#optionsOf(info));
    this.#add(film);
    return film;
  }

  /** Opens a film of which nothing is stored: it can be used at once, while the store still opens it. */
  openFresh(info: TorrentInfo, onOpenFailed: (error: unknown) => void): StoredFilm {
    const opening = this.#openInStore(info);
    opening.catch(onOpenFailed);
    const film = StoredFilm.openFresh(this.#optionsOf(info), opening);
    this.#add(film);
    return film;
  }

  async close(film: StoredFilm): Promise<void> {
    const { storedBytes, roomBytes } = film;
    const { infoHash } = film.info;
    if (this.#open.get(infoHash) === film) this.#open.delete(infoHash);
    this.#closed = [...this.#closed.filter((closed) => closed.infoHash !== infoHash), { infoHash, storedBytes, roomBytes }];
    await film.close();
  }

  /** The store was asked anew what it holds. */
  count(stored: readonly StoredTorrent[]): void {
    this.#closed = stored.filter(({ infoHash }) => !this.#open.has(infoHash));
  }

  /** Free room beside what films take, in bytes; undefined where nobody can tell. */
  async freeBytes(): Promise<number | undefined> {
    this.#freeAskedAtMs = this.#engine.clock.now();
    try {
      this.#freeBytes = await this.#engine.freeBytes?.();
    } catch (error) {
      this.#engine.logger.warn('free room could not be told', { reason: String(error) });
    }
    return this.#freeBytes;
  }

  /** Brings what is stored under the quota, as far as playheads allow. */
  async shrink(): Promise<void> {
    await this.freeBytes();
    this.count(await this.#engine.store.list());
    await this.#makeRoom();
  }

  /** Lets go of what was kept beyond the quota for playheads that are elsewhere by now. Never rejects. */
  async settle(): Promise<void> {
    if (this.#hasLearnt && this.usedBytes > this.quotaBytes) await this.#makeRoom();
  }

  /** Resolves once no closed film is open for a moment, so that it can be removed. */
  async untilFree(infoHash: InfoHash): Promise<void> {
    await this.#shrinking.get(infoHash);
  }

  /** What there is, once, before anything is decided by it. Never rejects. */
  learn(): Promise<void> {
    this.#learning ??= this.#learn();
    return this.#learning;
  }

  async #learn(): Promise<void> {
    const [, stored] = await Promise.all([this.freeBytes(), this.#engine.store.list().catch(() => [])]);
    this.count(stored);
    this.#hasLearnt = true;
  }

  #optionsOf(info: TorrentInfo): StoredFilmOptions {
    return { engine: this.#engine, info, makeRoom: (bytes) => this.#reserve(bytes) };
  }

  async #openInStore(info: TorrentInfo): Promise<TorrentChunks> {
    const shrinking = this.#shrinking.get(info.infoHash);
    if (shrinking !== undefined) await shrinking;
    return await this.#engine.store.open(info);
  }

  #add(film: StoredFilm): void {
    const { infoHash } = film.info;
    this.#open.set(infoHash, film);
    this.#closed = this.#closed.filter((closed) => closed.infoHash !== infoHash);
  }

  async #reserve(bytes: number): Promise<() => void> {
    // Asking what there is takes longer than the first pieces do, and the picture waits for those.
    const takenBytes = this.usedBytes + this.#reservedBytes + bytes;
    if (!this.#hasLearnt && takenBytes > Math.min(UNASKED_BYTES, this.quotaBytes * UNASKED_SHARE)) await this.learn();
    this.#reservedBytes += bytes;
    if (this.#hasLearnt) await this.#makeRoom();
    return () => {
      this.#reservedBytes -= bytes;
    };
  }

  async #makeRoom(): Promise<void> {
    while (this.#making !== undefined) await this.#making;
    if (this.#engine.clock.now() - this.#freeAskedAtMs > FREE_KNOWN_FOR_MS) void this.freeBytes();
    const { quotaBytes } = this;
    const excessBytes = this.usedBytes + this.#reservedBytes - quotaBytes;
    if (excessBytes <= 0) return;
    this.#making = this.#evict(excessBytes + Math.min(MAX_SLACK_BYTES, Math.floor(quotaBytes / 16))).finally(() => {
      this.#making = undefined;
    });
    await this.#making;
  }

  /** What cannot be let go of is kept: playing goes before a quota, which is then exceeded by a window at most. */
  async #evict(neededBytes: number): Promise<void> {
    const units = [...this.#open.values()].flatMap((film) => [...film.units()]);
    for (const eviction of chooseEvictions({ units, closedFilms: await this.#closedFilms(), neededBytes })) {
      try {
        await this.#carryOut(eviction);
      } catch (error) {
        this.#engine.logger.warn('room could not be made', { reason: String(error) });
      }
    }
  }

  async #carryOut(eviction: Eviction): Promise<void> {
    if (eviction.kind === 'pieces') return this.#film(eviction.film)?.evict(eviction.pieces);
    const closed = this.#closed.find(({ infoHash }) => infoHash === eviction.film);
    if (closed === undefined) return;
    const shrinking = this.#shrinkClosed(closed.infoHash, eviction.bytes);
    this.#shrinking.set(
      closed.infoHash,
      shrinking.catch(() => undefined),
    );
    try {
      await shrinking;
    } finally {
      this.#shrinking.delete(closed.infoHash);
    }
  }

  async #shrinkClosed(infoHash: InfoHash, neededBytes: number): Promise<void> {
    const { store } = this.#engine;
    const infoBytes = await store.loadInfo(infoHash);
    const parsed = infoBytes === undefined ? undefined : parseInfoDictionary(infoBytes, infoHash);
    // Nobody could ever play it: nothing is lost with it.
    if (parsed?.ok !== true) return this.#remove(infoHash);
    const film = await StoredFilm.open({ engine: this.#engine, info: parsed.info, makeRoom: async () => () => undefined });
    try {
      for (const step of chooseEvictions({ units: [...film.units()], closedFilms: [], neededBytes })) {
        if (step.kind === 'pieces') await film.evict(step.pieces);
      }
    } finally {
      await film.close();
    }
    if (film.roomBytes === 0) return this.#remove(infoHash);
    const { storedBytes, roomBytes } = film;
    this.#closed = this.#closed.map((closed) => (closed.infoHash === infoHash ? { infoHash, storedBytes, roomBytes } : closed));
  }

  async #remove(infoHash: InfoHash): Promise<void> {
    await this.#engine.store.remove(infoHash);
    this.#closed = this.#closed.filter((closed) => closed.infoHash !== infoHash);
  }

  async #closedFilms() {
    const films = this.#closed.filter(({ infoHash, roomBytes }) => roomBytes > 0 && !this.#open.has(infoHash));
    return Promise.all(
      films.map(async ({ infoHash, roomBytes }) => {
        const bytes = await this.#engine.store.loadIndex(infoHash).catch(() => undefined);
        // Without notes nothing speaks for it.
        const usedAtMinutes =
          bytes === undefined ? 0 : Math.floor(FilmIndex.decode(bytes, 0, this.#engine.clock.now()).watchedAtMs / 60_000);
        return { film: infoHash, usedAtMinutes, roomBytes };
      }),
    );
  }

  #film(film: string): StoredFilm | undefined {
    for (const [infoHash, open] of this.#open) if (infoHash === film) return open;
    return undefined;
  }
}
