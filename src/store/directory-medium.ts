import { Bitfield } from '@/src/base/bitfield';
import { equalBytes, type Bytes } from '@/src/base/bytes';
import { parseInfoHash, type InfoHash } from '@/src/protocol/ids';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import type { FileTree, TreePath } from './file-tree';
import { RunFiles } from './run-files';
import type { RunLayout } from './run-layout';
import type { StoreMedium, TorrentMedium } from './store-medium';
import { heldBytes, type TorrentGeometry } from './torrent-geometry';
import { VerifiedFile } from './verified-file';
import { decodeVerified } from './verified-record';

export interface DirectoryLayout<Info extends TorrentGeometry> {
  /** Changes with the way files are laid out. */
  readonly tag: number;
  layoutOf(info: Info): RunLayout;
}

/**
 * One folder for each torrent: `info` (the raw dictionary), `hashes` (what vouches for pieces besides it), `verified` (which pieces are durable; held open as the torrent's lock) and
 * the files of its layout.
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
    const verifiedFile = await VerifiedFile.open(this.#tree, [...folder, 'verified'], info, this.#layout.tag);
    try {
      const storedInfo = await this.loadInfo(info.infoHash);
      if (!verifiedFile.isValid || storedInfo === undefined || !equalBytes(storedInfo, info.infoBytes)) {
        await this.#startEmpty(info, verifiedFile);
      }
      const verified = await this.#withoutLostFiles(info, layout, verifiedFile.verified);
      if (verified.count < verifiedFile.verified.count) await verifiedFile.reset(verified);
    } catch (error) {
      await verifiedFile.close();
      // A torrent that could not even be begun is not one the store holds.
      if (!verifiedFile.isValid) await this.remove(info.infoHash).catch(() => undefined);
      throw error;
    }
    const files = new RunFiles(layout, async (file, create) => {
      const path = [...folder, ...(file.path ?? [])];
      return create ? await this.#tree.createFile(path) : await this.#tree.openFile(path);
    });
    return {
      verified: verifiedFile.verified,
      hashes: await this.#tree.readFile([...folder, 'hashes']),
      saveHashes: (bytes) => this.#writeFile([...folder, 'hashes'], bytes),
      write: (offsetBytes, bytes) => files.write(offsetBytes, bytes),
      read: (offsetBytes, lengthBytes) => files.read(offsetBytes, lengthBytes),
      flush: () => files.flush(),
      saveVerified: (verified) => verifiedFile.save(verified),
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

  async storedBytes(infoHash: InfoHash): Promise<number> {
    const record = decodeVerified((await this.#tree.readFile([...this.#folder(infoHash), 'verified'])) ?? new Uint8Array());
    return record === undefined ? 0 : heldBytes(record, record.verified);
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
    await this.#writeFile([...folder, 'info'], info.infoBytes);
    await verifiedFile.reset(new Bitfield(info.pieceCount));
  }

  async #writeFile(path: TreePath, bytes: Bytes): Promise<void> {
    const file = await this.#tree.createFile(path);
    try {
      await file.write(bytes, 0);
      await file.flush();
    } finally {
      await file.close();
    }
  }

  /** Files a user deleted or cut short since: their pieces are missing, not an error at the first read. */
  async #withoutLostFiles(info: Info, layout: RunLayout, stored: Bitfield): Promise<Bitfield> {
    const verified = stored.clone();
    for (const file of layout) {
      if (file.path === undefined || file.lengthBytes === 0) continue;
      const first = Math.floor(file.offsetBytes / info.pieceLengthBytes);
      const last = Math.floor((file.offsetBytes + file.lengthBytes - 1) / info.pieceLengthBytes);
      if (!hasAny(verified, first, last)) continue;
      const sizeBytes = (await this.#tree.sizeBytes([...this.#folder(info.infoHash), ...file.path])) ?? 0;
      if (sizeBytes >= file.lengthBytes) continue;
      const endBytes = file.offsetBytes + sizeBytes;
      const cut = Math.floor(endBytes / info.pieceLengthBytes);
      // A piece of a v2 torrent may end before the extent it is kept in does.
      const isCutWhole = cut * info.pieceLengthBytes + pieceSizeBytes(info, cut) <= endBytes;
      for (let piece = isCutWhole ? cut + 1 : cut; piece <= last; piece++) verified.delete(piece);
    }
    return verified;
  }
}

function hasAny(field: Bitfield, first: number, last: number): boolean {
  for (let index = first; index <= last; index++) if (field.has(index)) return true;
  return false;
}
