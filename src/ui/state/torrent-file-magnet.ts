import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { magnetLink } from '@/src/protocol/magnet';
import { i18n } from './i18n';

/** Piece hashes of a terabyte fit; what is larger is no description of a film. */
export const MAX_TORRENT_FILE_BYTES = 10 * 1024 * 1024;

type TorrentMagnet = { readonly ok: true; readonly magnet: string } | { readonly ok: false; readonly message: string };

/** The magnet link of a .torrent file, with its trackers and web seeds. The file is looked at only if it is small enough. */
export async function magnetOfTorrentFile(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<TorrentMagnet> {
  if (file.size > MAX_TORRENT_FILE_BYTES) return { ok: false, message: i18n.t('torrentFile.tooLarge') };
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return { ok: false, message: i18n.t('common.fileUnreadable') };
  // Loaded for those who open such a file only.
  const { parseTorrentFile } = await import('@/src/protocol/metainfo');
  const parsed = parseTorrentFile(new Uint8Array(bytes));
  if (!parsed.ok) return parsed;
  const { info, trackers, webSeeds } = parsed;
  const hashV2 = info.infoHashV2 === undefined ? {} : { infoHashV2: info.infoHashV2 };
  const link = magnetLink({ infoHash: info.infoHash, ...hashV2, name: info.name, trackers });
  const magnet = [link, ...webSeeds.map((url) => `ws=${encodeURIComponent(url.toWellFormed())}`)].join('&');
  if (magnet.length > MAX_MAGNET_CHARS) return { ok: false, message: i18n.t('torrentFile.tooManyAddresses') };
  return { ok: true, magnet };
}
