import { EngineCallError, type ShareFilesRequest } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { layersSuffice } from './piece-layers';

/**
 * What a page describes its files as.
 * @throws {EngineCallError} `bad-request` when it is not what the link names, or tells too little for others to verify it
 */
export function readSharedTorrent(infoHash: InfoHash, { infoBytes, hashes }: ShareFilesRequest): TorrentInfo {
  const parsed = parseInfoDictionary(infoBytes, infoHash);
  if (!parsed.ok) throw new EngineCallError('bad-request', parsed.message);
  if (!layersSuffice(parsed.info, hashes)) throw new EngineCallError('bad-request', 'The piece hashes are not those of the files.');
  return parsed.info;
}
