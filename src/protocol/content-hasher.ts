import { toHex, type Bytes } from '@/src/base/bytes';
import { type ContentFile, paddingAfter } from './create-torrent';
import { FileHasher } from './file-hasher';
import { writePieceLayers } from './piece-layer-file';
import { type HashState, PieceHasher } from './piece-hasher';

export const TORRENT_KINDS = ['v1', 'v2', 'hybrid'] as const;
export type TorrentKind = (typeof TORRENT_KINDS)[number];

export interface ContentHasherOptions {
  readonly kind: TorrentKind;
  /** In the order their bytes come. */
  readonly files: readonly ContentFile[];
  readonly pieceLengthBytes: number;
  startHash(algorithm: 'sha1' | 'sha256'): HashState;
}

/** Everything that is hashed of the files of a torrent that is being made, as their bytes are read once. */
export class ContentHasher {
  readonly #options: ContentHasherOptions;
  readonly #pieces: PieceHasher | undefined;
  #file: FileHasher | undefined;
  readonly #files: ContentFile[] = [];
  readonly #layers = new Map<string, Bytes>();

  constructor(options: ContentHasherOptions) {
    this.#options = options;
    const { kind, pieceLengthBytes } = options;
    this.#pieces = kind === 'v2' ? undefined : new PieceHasher(pieceLengthBytes, () => options.startHash('sha1'));
  }

  /** Bytes of the current file. */
  update(chunk: Uint8Array): void {
    const { kind, pieceLengthBytes } = this.#options;
    this.#pieces?.update(chunk);
    if (kind === 'v1') return;
    this.#file ??= new FileHasher(pieceLengthBytes, () => this.#options.startHash('sha256'));
    this.#file.update(chunk);
  }

  endFile(): void {
    const { kind, files, pieceLengthBytes } = this.#options;
    const index = this.#files.length;
    const file = files[index];
    if (file === undefined) throw new RangeError('there is no such file');
    const hashes = this.#file?.finish();
    this.#file = undefined;
    this.#files.push({ ...file, ...(hashes === undefined ? {} : { piecesRoot: hashes.piecesRoot }) });
    if (hashes !== undefined && hashes.pieceLayer.length > 0) this.#layers.set(toHex(hashes.piecesRoot), hashes.pieceLayer);
    if (kind === 'hybrid') this.#pieces?.update(new Uint8Array(paddingAfter(files, index, pieceLengthBytes)));
  }

  /** After the last file has ended: what `buildInfoDictionary` wants, and the piece layers of a v2 torrent. */
  finish(): { readonly files: readonly ContentFile[]; readonly pieceHashes?: Bytes; readonly hashes: Bytes | undefined } {
    return {
      files: this.#files,
      ...(this.#pieces === undefined ? {} : { pieceHashes: this.#pieces.finish() }),
      hashes: this.#options.kind === 'v2' ? writePieceLayers(this.#layers) : undefined,
    };
  }
}
