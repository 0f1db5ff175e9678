import type { SwarmId } from '@/src/protocol/ids';
import type { AnnounceAnswer, AnnounceRequest, Directed, PeerLeft, Relayed, RelayKind } from '@/src/protocol/signaling-events';
import { NoticeError, type Notice } from '@/src/protocol/notice';

/** A connection to one signaling server, shared by all sessions. It reconnects by itself, with jittered back-off, until its signal aborts. */
export interface SignalingClient {
  readonly url: string;
  readonly status: SignalingStatus;
  /** Starts (or keeps) connecting. Idempotent. */
  connect(): void;
  /** @throws {SignalingCallError} with the server's code, or `unreachable` when no answer came. */
  announce(announce: AnnounceRequest): Promise<AnnounceAnswer>;
  /** Passes a sealed message to one peer. @throws {SignalingCallError} */
  relay(kind: RelayKind, message: Directed): Promise<void>;
  leave(swarmId: SwarmId): void;
  /** Listens for one swarm until the signal aborts. */
  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void;
}

export type SignalingStatus =
  | { readonly kind: 'idle' | 'connecting' | 'connected' }
  /** Trying again by itself. */
  | { readonly kind: 'unreachable'; readonly reason: Notice };

export interface SignalingHandlers {
  onStatus(status: SignalingStatus): void;
  onRelayed(kind: RelayKind, message: Relayed): void;
  onPeerLeft(message: PeerLeft): void;
}

export class SignalingCallError extends NoticeError {
  readonly code: string;

  constructor(code: string, said: Notice) {
    super(said);
    this.name = 'SignalingCallError';
    this.code = code;
  }
}
