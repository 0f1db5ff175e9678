/** What a WebTorrent peer may send. Each is an option; the defaults follow what the trusted BitTorrent clients allow. */
export interface WireLimits {
  /** Of any message; libtorrent's cap. */
  readonly messageBytes: number;
  /** Of an extension's message (BEP 10): these are held until they are whole. */
  readonly extendedBytes: number;
  readonly metadataBytes: number;
  /** The most a torrent of that much metadata can have. */
  readonly pieces: number;
  /** Of one request. */
  readonly blockBytes: number;
  /** Requests of the peer that wait for blocks; more are rejected, and `refusedRequests` in a row end the connection. */
  readonly requestQueue: number;
  readonly refusedRequests: number;
}

export const DEFAULT_WIRE_LIMITS: WireLimits = {
  messageBytes: 1024 * 1024,
  extendedBytes: 64 * 1024,
  metadataBytes: 10_000_000,
  pieces: 500_000,
  blockBytes: 128 * 1024,
  requestQueue: 500,
  refusedRequests: 1000,
};

/** What is announced to peers as `reqq` (BEP 10): below the queue, so that nobody who listens is ever refused. */
export const ANNOUNCED_REQUEST_QUEUE = 250;
