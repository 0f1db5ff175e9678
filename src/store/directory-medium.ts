import { Bitfield } from '@/src/base/bitfield';
import { equalBytes, type Bytes } from '@/src/base/bytes';
import { parseInfoHash, type InfoHash } from '@/src/protocol/ids';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import type { FileTree, TreePath } from './file-tree';
import { RunFiles } from './run-files';
import type { RunFile, RunLayout } from './run-layout';
import type { DurablePieces, StoredSize, StoreMedium, TorrentMedium } from './store-medium';
import { heldBytes, roomBytes, type TorrentGeometry } from './torrent-geometry';
import { VerifiedFile } from './verified-file';
import { decodeVerified } from './verified-record';

export interface DirectoryLayout<Info extends TorrentGeometry> {
  /** Changes with the way files are laid out. */
  tagOf(info: Pick<TorrentGeometry, 'pieceLengthBytes' | 'totalBytes'>): number;
  layoutOf(info: Info): RunLayout;
  /** How many pieces share a file; see `TorrentChunks.piecesPerUnit`. */
  piecesPerUnit(info: Pick<TorrentGeometry, 'pieceLengthBytes' | 'totalBytes'>): number;
}

/**
 * One folder for each torrent: `info` (the raw dictionary), `hashes` (what vouches for pieces besides it), `verified` (which pieces are
 * durable; held open as the torrent's lock), `index` (notes of the store's owner) and the files of its layout.
 */
export class DirectoryMedium<Info extends TorrentGeometry> implements StoreMedium<Info> {
  readonly #tree: FileTree;
  readonly #root: TreePath;
  readonly #layout: DirectoryLayout<Info>;

  constructor(tree: FileTree, root: TreePath, layout: DirectoryLayout<Info>) {
    this.#tree = tree;
    this.#root = root;
    this.#layout = layout;
  }

  async openTorrent(info: Info): Promise<TorrentMedium> {
    const folder = this.#folder(info.infoHash);
    const layout = this.#layout.layoutOf(info);
    const verifiedFile = await VerifiedFile.open(this.#tree, [...folder, 'verified'], info, this.#layout.tagOf(info));
    try {
      const storedInfo = await this.loadInfo(info.infoHash);
      if (!verifiedFile.isValid || storedInfo === undefined || !equalBytes(storedInfo, info.infoBytes)) {
        await this.#startEmpty(info, verifiedFile);
      }
      const stored = verifiedFile.durable;
      const present = await this.#withoutLostFiles(info, layout, stored);
      if (present.verified.count < stored.verified.count) await verifiedFile.reset(present);
    } catch (error) {
      await verifiedFile.close();
      // A torrent that could not even be begun is not one the store holds.
      if (!verifiedFile.isValid) await this.remove(info.infoHash).catch(() => undefined);
      throw error;
    }
    const pathOf = (file: RunFile): TreePath => [...folder, ...(file.path ?? [])];
    const files = new RunFiles(layout, {
      open: (file, create) => (create ? this.#tree.createFile(pathOf(file)) : this.#tree.openFile(pathOf(file))),
      remove: (file) => this.#tree.remove(pathOf(file)),
    });
    return {
      durable: verifiedFile.durable,
      piecesPerUnit: this.#layout.piecesPerUnit(info),
      hashes: await this.#tree.readFile([...folder, 'hashes']),
      saveHashes: (bytes) => this.#replaceFile([...folder, 'hashes'], bytes),
      write: (offsetBytes, bytes) => files.write(offsetBytes, bytes),
      read: (offsetBytes, lengthBytes) => files.read(offsetBytes, lengthBytes),
      flush: () => files.flush(),
      saveVerified: (durable) => verifiedFile.save(durable),
      free: async (durable, held) => {
        await verifiedFile.reset(durable);
        for (const [index, file] of layout.entries()) {
          const neededBytes = neededOf(info, file, held);
          if (neededBytes < file.lengthBytes) await files.shrink(index, neededBytes);
        }
      },
      close: async () => {
        try {
          await files.close();
        } finally {
          await verifiedFile.close();
        }
      },
    };
  }

  async loadInfo(infoHash: InfoHash): Promise<Bytes | undefined> {
    return await this.#tree.readFile([...this.#folder(infoHash), 'info']);
  }

  async list(): Promise<readonly InfoHash[]> {
    const names = await this.#tree.names(this.#root);
    return names.flatMap((name) => (parseInfoHash(name) === name ? [name as InfoHash] : []));
  }

  async loadIndex(infoHash: InfoHash): Promise<Bytes | undefined> {
    return await this.#tree.readFile([...this.#folder(infoHash), 'index']);
  }

  async saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void> {
    if ((await this.#tree.sizeBytes([...this.#folder(infoHash), 'info'])) === undefined) return;
    await this.#replaceFile([...this.#folder(infoHash), 'index'], bytes);
  }

  async sizeOf(infoHash: InfoHash): Promise<StoredSize> {
    const record = decodeVerified((await this.#tree.readFile([...this.#folder(infoHash), 'verified'])) ?? new Uint8Array());
    if (record === undefined) return { storedBytes: 0, roomBytes: 0 };
    const { verified } = record;
    return { storedBytes: heldBytes(record, verified), roomBytes: roomBytes(record, verified, this.#layout.piecesPerUnit(record)) };
  }

  async remove(infoHash: InfoHash): Promise<void> {
    // First what vouches for the rest: a removal cut short must not leave pieces that are marked but gone.
    await this.#tree.remove([...this.#folder(infoHash), 'verified']);
    await this.#tree.remove(this.#folder(infoHash));
  }

  #folder(infoHash: InfoHash): TreePath {
    return [...this.#root, infoHash];
  }

  /** What is there is unknown or spoilt: it goes, in an order that leaves nothing to trust if this is cut short. */
  async #startEmpty(info: Info, verifiedFile: VerifiedFile): Promise<void> {
    const folder = this.#folder(info.infoHash);
    await verifiedFile.invalidate();
    for (const name of await this.#tree.names(folder)) if (name !== 'verified') await this.#tree.remove([...folder, name]);
    await this.#replaceFile([...folder, 'info'], info.infoBytes);
    const none = new Bitfield(info.pieceCount);
    await verifiedFile.reset({ verified: none, proven: none });
  }

  async #replaceFile(path: TreePath, bytes: Bytes): Promise<void> {
    const file = await this.#tree.createFile(path);
    try {
      await file.truncate(bytes.length);
      await file.write(bytes, 0);
      await file.flush();
    } finally {
      await file.close();
    }
  }

  /** Files a user deleted or cut short since: their pieces are missing, not an error at the first read. */
  async #withoutLostFiles(info: Info, layout: RunLayout, stored: DurablePieces): Promise<DurablePieces> {
    const verified = stored.verified.clone();
    const proven = stored.proven.clone();
    for (const file of layout) {
      if (file.path === undefined || file.lengthBytes === 0) continue;
      const first = Math.floor(file.offsetBytes / info.pieceLengthBytes);
      const last = Math.floor((file.offsetBytes + file.lengthBytes - 1) / info.pieceLengthBytes);
      if (!hasAny(verified, first, last)) continue;
      const sizeBytes = (await this.#tree.sizeBytes([...this.#folder(info.infoHash), ...file.path])) ?? 0;
      if (sizeBytes >= neededOf(info, file, verified)) continue;
      const endBytes = file.offsetBytes + sizeBytes;
      const cut = Math.floor(endBytes / info.pieceLengthBytes);
      // A piece of a v2 torrent may end before the extent it is kept in does.
      const isCutWhole = cut * info.pieceLengthBytes + pieceSizeBytes(info, cut) <= endBytes;
      for (let piece = isCutWhole ? cut + 1 : cut; piece <= last; piece++) {
        verified.delete(piece);
        proven.delete(piece);
      }
    }
    return { verified, proven };
  }
}

/** How much of a file's beginning these pieces need. */
function neededOf(info: TorrentGeometry, file: RunFile, held: Bitfield): number {
  if (file.lengthBytes === 0) return 0;
  const first = Math.floor(file.offsetBytes / info.pieceLengthBytes);
  let last = Math.floor((file.offsetBytes + file.lengthBytes - 1) / info.pieceLengthBytes);
  while (last >= first && !held.has(last)) last--;
  return last < first ? 0 : Math.min(file.lengthBytes, last * info.pieceLengthBytes + pieceSizeBytes(info, last) - file.offsetBytes);
}

function hasAny(field: Bitfield, first: number, last: number): boolean {
  for (let index = first; index <= last; index++) if (field.has(index)) return true;
  return false;
}
