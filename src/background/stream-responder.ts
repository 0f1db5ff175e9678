import { EngineCallError, type StreamRequest } from '@/src/protocol/engine-api';
import { parseInfoHash } from '@/src/protocol/ids';
import { MAX_FILES, MAX_PULL_BYTES } from '@/src/messaging/stream-messages';
import type { ReachedEngine } from './offscreen-host';
import { parseRangeHeader, spanOf, type ByteSpan } from './range-header';
import { ResumingStream } from './resuming-stream';
import { attachment, savedAs, whileSaving } from './saved-stream';
import { notice } from '@/src/protocol/notice';
import { noticeWords } from './notice-words';

export type StreamAddress = Pick<StreamRequest, 'sessionId' | 'fileIndex'>;

const COMMON_HEADERS = {
  'accept-ranges': 'bytes',
  'cache-control': 'no-store',
  // A file of a torrent is hostile content in our own origin: whatever it claims to be, it may not run.
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
};

/** `/stream/<info hash>/<file>`, its index or `unasked`; undefined for every other address. */
export function parseStreamPath(pathname: string): StreamAddress | undefined {
  const match = /^\/stream\/([0-9a-f]{40})\/(\d{1,7}|unasked)$/.exec(pathname);
  const sessionId = parseInfoHash(match?.[1] ?? '');
  if (sessionId === undefined) return undefined;
  if (match?.[2] === 'unasked') return { sessionId, fileIndex: 'unasked' };
  const fileIndex = Number(match?.[2]);
  return fileIndex > MAX_FILES ? undefined : { sessionId, fileIndex };
}

/**
 * Answers a media element with a body that pulls from the engine as it is read.
 * @param gone aborts when whoever asked has gone before the headers were there
 */
export async function respondWithStream(
  reach: () => Promise<ReachedEngine>,
  address: StreamAddress,
  request: Request,
  gone: AbortSignal,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, '', { allow: 'GET, HEAD' });
  }
  const wanted = parseRangeHeader(request.headers.get('range'));
  const closing = new AbortController();
  const signal = AbortSignal.any([gone, closing.signal]);
  const open = (startBytes: number): Promise<ResumingStream> => ResumingStream.open(reach, { ...address, startBytes }, signal);
  try {
    const first = await open(wanted.kind === 'from' ? wanted.startBytes : 0);
    const span = spanOf(wanted, first.fileLengthBytes);
    if (span === undefined) {
      closing.abort();
      return refusal(416, '', { 'content-range': `bytes */${first.fileLengthBytes}` });
    }
    // Only a suffix needs the length to know its first byte.
    const stream = wanted.kind === 'suffix' && span.startBytes > 0 ? await open(span.startBytes) : first;
    const hasBody = request.method === 'GET';
    if (!hasBody) closing.abort();
    const fileName = savedAs(new URL(request.url));
    if (hasBody && fileName !== undefined) whileSaving(signal);
    const body = hasBody ? bodyOf(stream, span, () => closing.abort()) : null;
    return new Response(body, {
      status: wanted.kind === 'whole' ? 200 : 206,
      headers: {
        ...COMMON_HEADERS,
        ...(fileName === undefined ? {} : { 'content-disposition': attachment(fileName) }),
        'content-type': stream.contentType,
        'content-length': String(span.endBytes - span.startBytes),
        ...(wanted.kind === 'whole' ? {} : { 'content-range': `bytes ${span.startBytes}-${span.endBytes - 1}/${stream.fileLengthBytes}` }),
      },
    });
  } catch (error) {
    closing.abort();
    if (error instanceof EngineCallError) return refusal(error.code === 'bad-request' ? 404 : 503, noticeWords(error.notice));
    return refusal(503, noticeWords(notice('engineStopped')));
  }
}

/** One pull is always ahead (highWaterMark 1), as the way to the engine and back takes as long as reading; else the element's own buffering is the back-pressure. */
function bodyOf(stream: ResumingStream, span: ByteSpan, close: () => void): ReadableStream<Uint8Array> {
  let atBytes = span.startBytes;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = atBytes < span.endBytes ? await stream.read(Math.min(MAX_PULL_BYTES, span.endBytes - atBytes)) : new Uint8Array();
        atBytes += bytes.length;
        if (bytes.length > 0) controller.enqueue(bytes);
        if (bytes.length > 0 && atBytes < span.endBytes) return;
        controller.close();
        close();
      },
      // The viewer sought elsewhere or closed the player.
      cancel: close,
    },
    { highWaterMark: 1 },
  );
}

function refusal(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(sentence, { status, headers: { ...COMMON_HEADERS, 'content-type': 'text/plain; charset=utf-8', ...headers } });
}
