import { EngineCallError, type ShareFilesRequest } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { layersSuffice } from './piece-layers';
import { notice } from '@/src/protocol/notice';

/**
 * What a page describes its files as.
 * @throws {EngineCallError} `bad-request` when it is not what the link names, or tells too little for others to verify it
 */
export function readSharedTorrent(infoHash: InfoHash, { infoBytes, hashes }: ShareFilesRequest): TorrentInfo {
  const parsed = parseInfoDictionary(infoBytes, infoHash);
  if (!parsed.ok) throw new EngineCallError('bad-request', parsed.notice, parsed.message);
  if (!layersSuffice(parsed.info, hashes)) throw new EngineCallError('bad-request', notice('sharedMismatch'), 'piece hashes');
  return parsed.info;
}
