import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';
import { i18n } from './i18n';
import { noticeWords } from './notice-words';

export type FileMagnet = { readonly ok: true; readonly magnet: string } | { readonly ok: false; readonly sentence: string };

/** The magnet link of a .torrent file, with its trackers and web seeds. The file is looked at only if it is small enough. */
export async function magnetOfTorrentFile(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<FileMagnet> {
  if (file.size > MAX_TORRENT_FILE_BYTES) return { ok: false, sentence: i18n.t('torrentFile.tooLarge') };
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return { ok: false, sentence: i18n.t('common.fileUnreadable') };
  // Loaded for those who open such a file only.
  const { magnetOfTorrent } = await import('@/src/protocol/torrent-magnet');
  const read = magnetOfTorrent(new Uint8Array(bytes));
  return read.ok ? read : { ok: false, sentence: noticeWords(read.notice) };
}
