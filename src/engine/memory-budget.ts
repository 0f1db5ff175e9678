import { DEFAULT_FLOW_LIMITS } from '@/src/scheduler/flow-control';
import { URGENT_RESERVE_PIECES } from '@/src/scheduler/piece-picker';
import { MAX_KEPT_BYTES } from '@/src/store/fresh-chunks';
import { CACHE_BYTES, READERS_SHARE } from '@/src/store/read-cache';
import { MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';
import { MAX_PUSH_BYTES } from '@/src/protocol/push-grant';
import { MAX_CONTROL_BACKLOG_BYTES } from '@/src/transport/webrtc-link';
import type { EngineLimits } from './limits';
import { MAX_FETCHES } from './metadata-exchange';

/** What there is at once. */
export interface EngineLoad {
  /** Of WebRTC, with two data channels each. */
  readonly connections: number;
  /** Films being fetched. */
  readonly sessions: number;
  /** Media elements and downloads that read. */
  readonly streams: number;
  /** Bytes of the longest read of a stream. */
  readonly readBytes: number;
  readonly pieceLengthBytes: number;
  readonly pieceCount: number;
  /** Of the info dictionary. */
  readonly metadataBytes: number;
}

/** The most bytes the engine holds in buffers for each purpose. */
export interface MemoryBudget {
  /** Waiting in data channels: blocks up to the high-water mark and one more, control frames up to theirs (SPEC L7). */
  readonly sending: number;
  /** Blocks asked for and not yet copied to their pieces. */
  readonly receiving: number;
  /** Pieces being put together, verified and written. */
  readonly assembly: number;
  /** Pieces that came before the store was open. */
  readonly opening: number;
  /** Copies of what was written last, and whole pieces read for those who go on. */
  readonly readCache: number;
  /** Dictionaries being fetched, and the one in use. */
  readonly metadata: number;
  /** What a peer may send unasked (SPEC N1). */
  readonly pushed: number;
  /** The run a stream has been given, and the next one. */
  readonly streams: number;
  /** What is known of each piece: its hash, who has it, when it was used; and one piece whose blocks are hashed for a peer (SPEC H6). */
  readonly pieces: number;
}

/** A block may be asked of a second peer when the first is late. */
const COPIES_ASKED = 2;
/** A hash of 32 bytes, its copy in the dictionary, the minute it was used. */
const BYTES_PER_PIECE = 2 * 32 + 4;

/**
 * The sum of what limits allow at once; the length of the film takes no part in it, but for some dozens of bytes a piece. Buffers that
 * are not used any more count until they are collected; what the browser keeps in its own processes, and the WebTorrent library, do not.
 */
export function memoryBudget(limits: EngineLimits, load: EngineLoad): MemoryBudget {
  const { connections, sessions, streams, readBytes, pieceLengthBytes, pieceCount, metadataBytes } = load;
  const assembly = sessions * (Math.max(limits.assemblyBytes, 2 * pieceLengthBytes) + URGENT_RESERVE_PIECES * pieceLengthBytes);
  return {
    sending: connections * (limits.uploadHighWaterBytes + MAX_BLOCK_BYTES + MAX_CONTROL_BACKLOG_BYTES),
    // Every block that is asked for has its place in a piece already.
    receiving: Math.min(connections * DEFAULT_FLOW_LIMITS.maxBytes, COPIES_ASKED * assembly),
    assembly,
    // They go to the store as copies.
    opening: sessions * 2 * MAX_KEPT_BYTES,
    readCache: CACHE_BYTES * (1 + READERS_SHARE),
    metadata: sessions * (MAX_FETCHES + 1) * metadataBytes,
    pushed: sessions * MAX_PUSH_BYTES,
    streams: 2 * streams * readBytes,
    pieces: sessions * (pieceCount * (BYTES_PER_PIECE + connections / 8) + pieceLengthBytes),
  };
}

export function totalBytes(budget: MemoryBudget): number {
  return Object.values<number>({ ...budget }).reduce((total, bytes) => total + bytes, 0);
}
