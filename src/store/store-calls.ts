import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import { STORE_ERROR_CODES, StoreError, type StoredTorrent, type StoreErrorCode } from './chunk-store';
import type { TorrentGeometry } from './torrent-geometry';

/** What a `ChunkStore` in a document asks of the one in its worker. A torrent is open once at a time, so its info hash names it. */
export interface StoreCalls {
  open(geometry: TorrentGeometry): Promise<OpenedTorrent>;
  saveHashes(infoHash: InfoHash, bytes: Bytes): Promise<void>;
  loadInfo(infoHash: InfoHash): Promise<Bytes | undefined>;
  loadIndex(infoHash: InfoHash): Promise<Bytes | undefined>;
  saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void>;
  list(): Promise<readonly StoredTorrent[]>;
  remove(infoHash: InfoHash): Promise<void>;
  closeStore(): Promise<void>;
  /** One buffer for each piece; answers each with the bytes, so that the buffer comes back, or with why it could not be kept. */
  write(pieces: readonly PieceName[], ...buffers: readonly Bytes[]): Promise<readonly (Bytes | PackedError)[]>;
  read(infoHash: InfoHash, offsetBytes: number, lengthBytes: number): Promise<Bytes>;
  prove(infoHash: InfoHash, piece: number): Promise<void>;
  evict(infoHash: InfoHash, pieces: readonly number[]): Promise<void>;
  commit(infoHash: InfoHash): Promise<void>;
  close(infoHash: InfoHash): Promise<void>;
}

export interface PieceName {
  readonly infoHash: InfoHash;
  readonly piece: number;
}

export interface PackedError {
  readonly code: StoreErrorCode;
  readonly message: string;
}

export interface OpenedTorrent {
  /** The bits of the pieces held, and of those left unproven. */
  readonly verified: Bytes;
  readonly unproven: Bytes;
  readonly piecesPerUnit: number;
  /** What was kept by `saveHashes`. */
  readonly hashes: Bytes | undefined;
}

/** The parts of birpc's messages that matter here. */
interface RpcMessage {
  /** Arguments. */
  readonly a?: readonly unknown[];
  /** Result. */
  readonly r?: unknown;
  /** Error. */
  readonly e?: unknown;
}

/** Bytes that are an argument, a result or in a list of results change hands without a copy; those deeper inside are copied. */
export function buffersOf(message: unknown): ArrayBuffer[] {
  const { a, r } = message as RpcMessage;
  return [...(a ?? []), r]
    .flat()
    .flatMap((value) => (value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : []));
}

/** Structured clone would keep an error's message only. */
export function packError(message: unknown): unknown {
  const { e } = message as RpcMessage;
  if (e === undefined) return message;
  return { ...(message as RpcMessage), e: packedError(e) };
}

export function packedError(error: unknown): PackedError {
  const code: StoreErrorCode = error instanceof StoreError ? error.code : 'io';
  return { code, message: error instanceof Error ? error.message : 'The storage worker failed; reload the extension.' };
}

export function unpackError(message: unknown): unknown {
  const { e } = message as RpcMessage;
  return e === undefined ? message : { ...(message as RpcMessage), e: toStoreError(e) };
}

export function toStoreError(packed: unknown): StoreError {
  const { code, message } = packed as { code?: unknown; message?: unknown };
  return new StoreError(STORE_ERROR_CODES.find((known) => known === code) ?? 'io', String(message));
}
