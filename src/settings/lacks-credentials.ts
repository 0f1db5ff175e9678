import { isTurnAddress } from '@/src/protocol/ice-address';
import type { Settings } from './schema';

/** One TURN server that is on without user name and password makes the browser refuse every connection. */
export function lacksCredentials({ urls, username, credential }: Settings['iceServers'][number]): boolean {
  return isTurnAddress(urls) && (!username || !credential);
}
