import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';
import type { TorrentMagnet } from '@/src/protocol/torrent-magnet';
import { i18n } from './i18n';

/** The magnet link of a .torrent file, with its trackers and web seeds. The file is looked at only if it is small enough. */
export async function magnetOfTorrentFile(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<TorrentMagnet> {
  if (file.size > MAX_TORRENT_FILE_BYTES) return { ok: false, message: i18n.t('torrentFile.tooLarge') };
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return { ok: false, message: i18n.t('common.fileUnreadable') };
  // Loaded for those who open such a file only.
  const { magnetOfTorrent } = await import('@/src/protocol/torrent-magnet');
  return magnetOfTorrent(new Uint8Array(bytes));
}
