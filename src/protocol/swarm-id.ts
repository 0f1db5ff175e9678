import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concatBytes, fromHex, toHex } from '@/src/base/bytes';
import { ID_BYTES, type InfoHash, type SwarmId } from './ids';

const LABEL = utf8ToBytes('lodestream swarm v1');

/**
 * What a signaling server is told instead of the info hash (SPEC S1). A one-way name: members find each other by it, while a
 * server that has never seen the magnet link learns neither the torrent nor the key that seals its members' messages.
 */
export function swarmIdOf(infoHash: InfoHash): SwarmId {
  return toHex(sha256(concatBytes(LABEL, fromHex(infoHash))).subarray(0, ID_BYTES)) as SwarmId;
}
