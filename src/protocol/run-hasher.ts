import { toHex, type Bytes } from '@/src/base/bytes';
import type { TorrentKind } from './content-hasher';
import type { ContentFile } from './create-torrent';
import { hashAt, heightOf, leafCountOf, leafHashes, rootOf, TREE_HASH_BYTES } from './merkle';
import { writePieceLayers } from './piece-layer-file';

const SHA1_BYTES = 20;

/** A file and where it begins in the torrent's run of bytes: in v2 and hybrid torrents with a piece. */
export interface PlacedFile extends ContentFile {
  readonly offsetBytes: number;
}

export interface HashFunctions {
  sha1(bytes: Bytes): Promise<Uint8Array>;
  /** Of v2 and hybrid torrents: asked for each 16 KiB. */
  sha256(bytes: Bytes): Promise<Uint8Array>;
}

export interface RunHasherOptions {
  readonly kind: TorrentKind;
  /** In the order of the torrent. */
  readonly files: readonly PlacedFile[];
  readonly pieceLengthBytes: number;
  readonly hash: HashFunctions;
}

/** What `buildInfoDictionary` wants. */
export interface HashedContents {
  readonly files: readonly ContentFile[];
  readonly pieceHashes?: Bytes;
}

/**
 * Everything that is hashed of the files of a torrent that is being made, by hash functions that take whole pieces and blocks and answer
 * later, as a browser's do; `ContentHasher` is for those that are fed. Holds nothing but the hashes of pieces.
 */
export class RunHasher {
  readonly #options: RunHasherOptions;
  readonly #pieceHashes: Bytes | undefined;
  /** Of each file the hash of each of its pieces; none of v1 torrents. */
  readonly #layers: readonly Bytes[];
  /** Of each piece the index of the file it is of; of v2 and hybrid torrents, where each is of one. */
  readonly #owners: Int32Array;

  constructor(options: RunHasherOptions) {
    this.#options = options;
    const { files, kind, pieceLengthBytes } = options;
    const pieceCount = Math.ceil(runLengthBytes(files) / pieceLengthBytes);
    this.#pieceHashes = kind === 'v2' ? undefined : new Uint8Array(pieceCount * SHA1_BYTES);
    this.#layers = kind === 'v1' ? [] : files.map((file) => new Uint8Array(this.#pieceCountOf(file) * TREE_HASH_BYTES));
    this.#owners = new Int32Array(kind === 'v1' ? 0 : pieceCount);
    if (kind === 'v1') return;
    for (const [index, file] of files.entries()) {
      const first = file.offsetBytes / pieceLengthBytes;
      this.#owners.fill(index, first, first + this.#pieceCountOf(file));
    }
  }

  /** @param run whole pieces, but for the torrent's last one, with zeros for padding; @param offsetBytes where they begin */
  async add(run: Bytes, offsetBytes: number): Promise<void> {
    const { pieceLengthBytes } = this.#options;
    const starts = Array.from({ length: Math.ceil(run.length / pieceLengthBytes) }, (_, piece) => piece * pieceLengthBytes);
    const hashing = starts.flatMap((start) => {
      const bytes = run.subarray(start, start + pieceLengthBytes);
      const piece = (offsetBytes + start) / pieceLengthBytes;
      return [this.#addPiece(bytes, piece), this.#addTreePiece(bytes, piece)];
    });
    await Promise.all(hashing);
  }

  /** After the last run: what `buildInfoDictionary` wants, and the piece layers of a torrent of v2 alone. */
  finish(): HashedContents & { readonly hashes: Bytes | undefined } {
    const { files, kind } = this.#options;
    const layers = new Map<string, Bytes>();
    const hashed = files.map(({ path, lengthBytes }, index) => {
      const layer = this.#layers[index];
      if (layer === undefined || lengthBytes === 0) return { path, lengthBytes };
      const piecesRoot = this.#rootOf(layer);
      if (layer.length > TREE_HASH_BYTES) layers.set(toHex(piecesRoot), layer);
      return { path, lengthBytes, piecesRoot };
    });
    return {
      files: hashed,
      ...(this.#pieceHashes === undefined ? {} : { pieceHashes: this.#pieceHashes }),
      hashes: kind === 'v2' ? writePieceLayers(layers) : undefined,
    };
  }

  async #addPiece(bytes: Bytes, piece: number): Promise<void> {
    this.#pieceHashes?.set(await this.#options.hash.sha1(bytes), piece * SHA1_BYTES);
  }

  async #addTreePiece(bytes: Bytes, piece: number): Promise<void> {
    const { files, pieceLengthBytes } = this.#options;
    const owner = this.#owners[piece] ?? -1;
    const [file, layer] = [files[owner], this.#layers[owner]];
    if (file === undefined || layer === undefined) return;
    const at = piece - file.offsetBytes / pieceLengthBytes;
    const own = bytes.subarray(0, file.lengthBytes - at * pieceLengthBytes);
    // A file that is no longer than a piece has a tree as high as its own blocks, not as a piece's.
    const height = heightOf(leafCountOf(Math.min(file.lengthBytes, pieceLengthBytes)));
    const leaves = await leafHashes(this.#options.hash, own);
    layer.set(rootOf(leaves, 0, height), at * TREE_HASH_BYTES);
  }

  #rootOf(layer: Bytes): Bytes {
    const pieceCount = layer.length / TREE_HASH_BYTES;
    if (pieceCount === 1) return hashAt(layer, 0);
    return rootOf(layer, heightOf(leafCountOf(this.#options.pieceLengthBytes)), heightOf(pieceCount));
  }

  #pieceCountOf({ lengthBytes }: ContentFile): number {
    return Math.ceil(lengthBytes / this.#options.pieceLengthBytes);
  }
}

/** Bytes from the beginning of the first file to the end of the last, padding included. */
export function runLengthBytes(files: readonly PlacedFile[]): number {
  const last = files.at(-1);
  return last === undefined ? 0 : last.offsetBytes + last.lengthBytes;
}
