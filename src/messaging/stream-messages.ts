import * as v from 'valibot';
import { ENGINE_CALL_ERROR_CODES, type ReadVerifiedRequest, type StreamRequest } from '@/src/protocol/engine-api';
import { parseInfoHash, type InfoHash } from '@/src/protocol/ids';
import { noticeMessage } from './notice-message';

/** The most one pull may ask for: 512 KiB measured fastest from engine to `<video>` (193 MB/s; 64 KiB 91, 4 MiB 125). */
export const MAX_PULL_BYTES = 524_288;
export const MAX_FILES = 1_000_000;

const byteCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const infoHash: v.GenericSchema<unknown, InfoHash> = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = parseInfoHash(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: 'An info hash is 40 hexadecimal digits.' });
    return NEVER;
  }),
);

export const fileIndex = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_FILES));

export const streamRequest: v.GenericSchema<unknown, StreamRequest> = v.object({
  sessionId: infoHash,
  fileIndex: v.union([fileIndex, v.literal('unasked')]),
  startBytes: byteCount,
});

const pullBytes = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PULL_BYTES));

export const readVerifiedRequest: v.GenericSchema<unknown, ReadVerifiedRequest> = v.object({
  sessionId: infoHash,
  fileIndex,
  startBytes: byteCount,
  lengthBytes: pullBytes,
});

/** Service worker to engine on a stream's port. One pull at a time; the engine answers each with one message. */
export const streamPullMessage = v.variant('type', [
  v.object({ type: v.literal('stream-pull'), maxBytes: pullBytes }),
  v.object({ type: v.literal('stream-cancel') }),
]);
export type StreamPullMessage = v.InferOutput<typeof streamPullMessage>;

/** Engine to service worker on a stream's port: hello at once, opened when the metadata is there, then an answer to each pull. */
export const streamMessage = v.variant('type', [
  v.object({ type: v.literal('engine-hello'), engineLock: v.string() }),
  v.object({ type: v.literal('stream-opened'), fileLengthBytes: byteCount, contentType: v.string() }),
  v.object({ type: v.literal('stream-bytes'), bytes: v.instance(Uint8Array<ArrayBuffer>) }),
  v.object({ type: v.literal('stream-end') }),
  v.object({ type: v.literal('stream-failed'), code: v.picklist(ENGINE_CALL_ERROR_CODES), notice: noticeMessage }),
]);
export type StreamMessage = v.InferOutput<typeof streamMessage>;
