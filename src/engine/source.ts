import type { PeerSnapshot } from '@/src/protocol/engine-api';
import type { ActiveTorrent } from './active-torrent';
import type { Source } from './planner';

/** A source made of peers that come and go. */
export interface PeerSource extends Source {
  readonly peerCount: number;
  /** The metadata is known and the store open: pieces can be fetched and served. */
  learn(torrent: ActiveTorrent): void;
  /** Twice a second. */
  tick(): void;
  peers(nowMs: number): PeerSnapshot[];
  /** Asks each connection anew for its path and round-trip time. */
  refreshPaths(): Promise<void>;
}
