import { assert } from '@/src/base/assert';
import { Bitfield } from '@/src/base/bitfield';
import { equalBytes, type Bytes } from '@/src/base/bytes';
import { BLOCK_UNIT_BYTES } from '@/src/protocol/peer-messages';
import { StoreError, type ChunkStore, type StoredTorrent, type TorrentChunks } from '@/src/store/chunk-store';
import { MARK_BYTES, type Film } from './film';

/** What a member of the swarm has of the film from the beginning. */
export type FilmHolding = 'nothing' | 'all' | 'lies';

/**
 * A store that remembers which pieces it was given, and reads them from the one copy of the film: hundreds of viewers fit into memory.
 * It refuses a piece that is not the film's, so that nothing unverified can ever pass for stored. Readers must not change what they get.
 */
export class FilmStore implements ChunkStore {
  readonly #film: Film;
  readonly #held: Bitfield;
  readonly #bytes: Bytes;
  readonly #isKnown: boolean;

  constructor(film: Film, holding: FilmHolding) {
    this.#film = film;
    this.#isKnown = holding !== 'nothing';
    this.#held = this.#isKnown ? Bitfield.full(film.info.pieceCount) : new Bitfield(film.info.pieceCount);
    this.#bytes = holding === 'lies' ? film.lies : film.bytes;
  }

  async open(): Promise<TorrentChunks> {
    const { pieceCount, pieceLengthBytes } = this.#film.info;
    return {
      verifiedAtOpen: this.#held.clone(),
      hashesAtOpen: undefined,
      unproven: new Bitfield(pieceCount),
      piecesPerUnit: 1,
      saveHashes: async () => undefined,
      write: async (piece, bytes) => {
        const start = piece * pieceLengthBytes;
        assert(this.#isSame(this.#bytes.subarray(start, start + pieceLengthBytes), bytes), 'only verified pieces are stored');
        this.#held.add(piece);
      },
      read: async (offsetBytes, lengthBytes) => {
        const last = Math.floor((offsetBytes + lengthBytes - 1) / pieceLengthBytes);
        for (let piece = Math.floor(offsetBytes / pieceLengthBytes); piece <= last; piece++) {
          if (!this.#held.has(piece)) throw new StoreError('missing', `Piece ${piece} is not stored yet; wait for it to be downloaded.`);
        }
        return this.#bytes.subarray(offsetBytes, offsetBytes + lengthBytes);
      },
      prove: () => undefined,
      evict: async (pieces) => {
        for (const piece of pieces) this.#held.delete(piece);
      },
      commit: async () => undefined,
      close: async () => undefined,
    };
  }

  async loadInfo(): Promise<Bytes | undefined> {
    return this.#isKnown ? this.#film.info.infoBytes : undefined;
  }

  async loadIndex(): Promise<Bytes | undefined> {
    return undefined;
  }

  async saveIndex(): Promise<void> {}

  async list(): Promise<readonly StoredTorrent[]> {
    const storedBytes = this.#held.count * this.#film.info.pieceLengthBytes;
    return storedBytes === 0 ? [] : [{ infoHash: this.#film.info.infoHash, storedBytes, roomBytes: storedBytes }];
  }

  async remove(): Promise<void> {}

  async close(): Promise<void> {}

  #isSame(expected: Bytes, bytes: Bytes): boolean {
    if (!this.#film.sparse) return Buffer.compare(expected, bytes) === 0;
    if (expected.length !== bytes.length) return false;
    for (let at = 0; at < bytes.length; at += BLOCK_UNIT_BYTES) {
      if (!equalBytes(expected.subarray(at, at + MARK_BYTES), bytes.subarray(at, at + MARK_BYTES))) return false;
    }
    return true;
  }
}
