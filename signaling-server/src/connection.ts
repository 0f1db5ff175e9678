import type { PeerLeft, Relayed, RelayKind } from '@/src/protocol/signaling-events';
import type { Sealed } from './sealed-bytes';

/** One client, whatever transport carries it. Its identity is the object itself. */
export interface Connection {
  /** What its address is counted under: see client-address. */
  readonly addressKey: string;
  /** Returns false when the client is gone, or was cut because it does not read. */
  deliver(message: ServerMessage): boolean;
}

/** Of all members that are gone: others may know them for hours, and must not keep their sockets in memory. */
export const GONE: Connection = { addressKey: 'gone', deliver: () => false };

export type ServerMessage =
  | { readonly event: RelayKind; readonly payload: Omit<Relayed, 'sealed'> & { readonly sealed: Sealed } }
  | { readonly event: 'peer-left'; readonly payload: PeerLeft };
