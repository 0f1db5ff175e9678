import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';
import type { TorrentMagnet } from '@/src/protocol/torrent-magnet';

/** The magnet link of a .torrent file, with its trackers and web seeds. The file is looked at only if it is small enough. */
export async function magnetOfTorrentFile(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<TorrentMagnet> {
  if (file.size > MAX_TORRENT_FILE_BYTES) return { ok: false, message: 'This file is larger than 10 MiB, so it is no torrent file.' };
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return { ok: false, message: 'This file cannot be read. Choose it once more.' };
  // Loaded for those who open such a file only.
  const { magnetOfTorrent } = await import('@/src/protocol/torrent-magnet');
  return magnetOfTorrent(new Uint8Array(bytes));
}
