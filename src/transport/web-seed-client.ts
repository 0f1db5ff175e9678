import { NoticeError, notice, type Notice } from '@/src/protocol/notice';

/** The browser's or Node's `fetch`, as far as web seeds use it. */
export type WebSeedFetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * - `blocked`: nothing came back: the server is away, or it does not let other sites read (no CORS header), which a host permission solves
 * - `redirect`: it points elsewhere, which is never followed: a stranger's server could point into the viewer's own network
 * - `no-ranges`: it sends whole files only, and this one is too large for that
 * - `missing`: it does not have this file, or another one in its place
 * - `busy`: it asks for patience
 * - `broken`: its answer makes no sense, or ends before its time
 */
export type WebSeedFailure = 'blocked' | 'redirect' | 'no-ranges' | 'missing' | 'busy' | 'broken';

export class WebSeedError extends NoticeError {
  readonly failure: WebSeedFailure;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: WebSeedFailure, said: Notice, retryAfterMs?: number) {
    super(said);
    this.name = 'WebSeedError';
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface WebSeedRange {
  readonly fetch: WebSeedFetch;
  readonly url: string;
  readonly startBytes: number;
  readonly lengthBytes: number;
  readonly fileLengthBytes: number;
  /** A file up to this size may come whole. */
  readonly wholeFileBytes: number;
  readonly signal: AbortSignal;
}

const PARTIAL_CONTENT = 206;
const MISSING = new Set([404, 410, 416]);
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Yields exactly the bytes asked for, as they come, and never holds more than one chunk of the network's.
 * @throws {WebSeedError} and whatever the signal is aborted with
 */
export async function* readWebSeedRange(range: WebSeedRange): AsyncGenerator<Uint8Array, void, void> {
  const { startBytes, lengthBytes, signal } = range;
  const response = await request(range);
  try {
    let skipBytes = bodyStartBytes(range, response);
    let leftBytes = lengthBytes;
    if (response.body === null) throw new WebSeedError('broken', notice('seedBroken'));
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      signal.throwIfAborted();
      const skippedBytes = Math.min(skipBytes, chunk.length);
      skipBytes -= skippedBytes;
      const wanted = chunk.subarray(skippedBytes);
      if (wanted.length > leftBytes && response.status === PARTIAL_CONTENT) {
        throw new WebSeedError('broken', notice('seedOtherBytes'));
      }
      const part = wanted.subarray(0, leftBytes);
      leftBytes -= part.length;
      if (part.length > 0) yield part;
      if (leftBytes === 0 && startBytes + lengthBytes < range.fileLengthBytes && response.status !== PARTIAL_CONTENT) break;
    }
    if (leftBytes > 0) throw new WebSeedError('broken', notice('seedBroken'));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WebSeedError) throw error;
    throw new WebSeedError('broken', notice('seedBroken'));
  } finally {
    // Whatever it goes on sending is not received.
    await response.body?.cancel().catch(() => {});
  }
}

async function request(range: WebSeedRange): Promise<Response> {
  const init: RequestInit = {
    // One plain range is among the headers CORS allows without asking first.
    headers: { range: `bytes=${range.startBytes}-${range.startBytes + range.lengthBytes - 1}` },
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    // The pieces go to the chunk store: a second copy in the browser's cache would be on disk for nothing.
    cache: 'no-store',
    signal: range.signal,
  };
  try {
    return await range.fetch(range.url, init);
  } catch {
    range.signal.throwIfAborted();
    if (await isRedirect(range, init)) throw new WebSeedError('redirect', notice('seedRedirects'));
    throw new WebSeedError('blocked', notice('seedBlocked'));
  }
}

/** `fetch` has one error for a redirect, a refusal and a server that is away; a redirect that is not followed tells itself apart. */
async function isRedirect({ fetch, url, signal }: WebSeedRange, init: RequestInit): Promise<boolean> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    await response.body?.cancel();
    return response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** How many bytes of the body come before those asked for. @throws {WebSeedError} when the answer is not what was asked for */
function bodyStartBytes(range: WebSeedRange, response: Response): number {
  const { startBytes, lengthBytes, fileLengthBytes, wholeFileBytes } = range;
  const contentLengthBytes = numberOf(response.headers.get('content-length'));
  if (response.status === PARTIAL_CONTENT) {
    checkContentRange(range, response.headers.get('content-range'));
    if (contentLengthBytes !== undefined && contentLengthBytes !== lengthBytes) {
      throw new WebSeedError('broken', notice('seedOtherBytes'));
    }
    return 0;
  }
  if (response.status === 200) {
    if (contentLengthBytes !== undefined && contentLengthBytes !== fileLengthBytes) {
      throw new WebSeedError('missing', notice('seedOtherFile'));
    }
    if (fileLengthBytes > wholeFileBytes && lengthBytes < fileLengthBytes) {
      throw new WebSeedError('no-ranges', notice('seedWholeFiles'));
    }
    return startBytes;
  }
  // A name of an answer, not a number.
  const status = String(response.status);
  if (MISSING.has(response.status)) throw new WebSeedError('missing', notice('seedLacksFile', { status }));
  if (BUSY.has(response.status)) {
    throw new WebSeedError('busy', notice('seedBusy', { status }), retryAfterMs(response.headers.get('retry-after')));
  }
  throw new WebSeedError('broken', notice('seedRefuses', { status }));
}

/**
 * Servers that send CORS headers seldom expose Content-Range to other sites; then the length and the hash of each piece have to do.
 * @throws {WebSeedError} when it tells of other bytes or of a file of another length
 */
function checkContentRange({ startBytes, lengthBytes, fileLengthBytes }: WebSeedRange, header: string | null): void {
  if (header === null) return;
  const [, first, last, whole] = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/i.exec(header.trim()) ?? [];
  if (Number(first) !== startBytes || Number(last) !== startBytes + lengthBytes - 1) {
    throw new WebSeedError('broken', notice('seedOtherBytes'));
  }
  if (whole !== '*' && Number(whole) !== fileLengthBytes) {
    throw new WebSeedError('missing', notice('seedOtherFile'));
  }
}

/** Only the form in seconds; the other is a date by a clock that may be wrong. */
function retryAfterMs(header: string | null): number | undefined {
  const seconds = numberOf(header);
  return seconds === undefined ? undefined : Math.min(seconds * 1000, MAX_RETRY_AFTER_MS);
}

function numberOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,16}$/.test(header) ? Number(header) : undefined;
}
