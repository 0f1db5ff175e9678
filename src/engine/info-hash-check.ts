import { toHex, type Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import type { EngineOptions } from './engine-options';

/** SPEC M2: whether these bytes are the dictionary an info hash names, which of a `btmh` link is 20 bytes of a SHA-256. */
export async function isInfoOf(infoHash: InfoHash, infoBytes: Bytes, engine: Pick<EngineOptions, 'sha1' | 'sha256'>): Promise<boolean> {
  if (toHex(await engine.sha1(infoBytes)) === infoHash) return true;
  return toHex(await engine.sha256(infoBytes)).startsWith(infoHash);
}
