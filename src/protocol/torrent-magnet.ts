import type { Bytes } from '@/src/base/bytes';
import { MAX_MAGNET_CHARS } from './engine-api';
import { magnetLink } from './magnet';
import { parseTorrentFile } from './metainfo';
import { notice, type Notice } from './notice';

export type TorrentMagnet = { readonly ok: true; readonly magnet: string } | { readonly ok: false; readonly notice: Notice };

/** The magnet link of a whole .torrent file, with its trackers and web seeds. Never throws. */
export function magnetOfTorrent(fileBytes: Bytes): TorrentMagnet {
  const parsed = parseTorrentFile(fileBytes);
  if (!parsed.ok) return parsed;
  const { info, trackers, webSeeds } = parsed;
  const hashV2 = info.infoHashV2 === undefined ? {} : { infoHashV2: info.infoHashV2 };
  const link = magnetLink({ infoHash: info.infoHash, ...hashV2, name: info.name, trackers });
  const magnet = [link, ...webSeeds.map((url) => `ws=${encodeURIComponent(url.toWellFormed())}`)].join('&');
  if (magnet.length > MAX_MAGNET_CHARS) return { ok: false, notice: notice('torrentTooManyAddresses') };
  return { ok: true, magnet };
}
