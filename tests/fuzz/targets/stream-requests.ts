import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { parseRangeHeader, spanOf } from '@/src/background/range-header';
import { attachment, savedAs } from '@/src/background/saved-stream';
import { parseStreamPath } from '@/src/background/stream-responder';
import { validatedCalls } from '@/src/host/validated-calls';
import { streamMessage, streamPullMessage, streamRequest } from '@/src/messaging/stream-messages';
import { connectEngineRequest, engineGreeting, hostMessage } from '@/src/messaging/switchboard-messages';
import { EngineCallError, type EngineCalls } from '@/src/protocol/engine-api';
import { readWebSeedRange, WebSeedError } from '@/src/transport/web-seed-client';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { anyBytes, hexOf, mutatedJson, mutatedText } from '../mutations';
import { notice } from '@/src/protocol/notice';

/** What asks for a stream: headers, addresses, messages on ports; and what web seeds answer. */

const digits = fc.constantFrom('0', '1', '499', '500', '999', '9007199254740993', '99999999999999999999', '');
const rangeHeader = fc.tuple(digits, digits).map(([first, last]) => `bytes=${first}-${last}`);
const lock = fc.constant('lodestream-page:0f8fad5b-d9cb-469f-a165-70867728950e');

const portMessage = fc.oneof(
  mutatedJson({ type: fc.constantFrom('stream-pull', 'stream-cancel'), maxBytes: fc.constantFrom(1, 524_288, 524_289, 0) }),
  mutatedJson({
    type: fc.constantFrom('stream-opened', 'stream-failed', 'stream-end', 'engine-hello'),
    fileLengthBytes: fc.nat(),
    contentType: fc.string(),
    code: fc.string(),
    notice: fc.record({ name: fc.string(), values: fc.object() }),
    engineLock: lock,
  }),
  mutatedJson({
    type: fc.constantFrom('client', 'stream', 'settings', 'warm', 'film', 'connect-engine'),
    clientLock: lock,
    workerLock: lock,
    magnet: fc.string(),
    request: fc.object(),
  }),
  mutatedJson({ sessionId: hexOf(20), fileIndex: fc.nat(), startBytes: fc.nat() }),
);

const argument = mutatedJson({
  magnet: fc.string(),
  kind: fc.constantFrom('all', 'none', 'session'),
  sessionId: hexOf(20),
  infoHash: hexOf(20),
  fileIndex: fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5, 1_000_001)),
  deleteStored: fc.boolean(),
  mode: fc.constantFrom('webrtc', 'hybrid', 'else'),
  url: mutatedText(fc.constantFrom('wss://t.example', 'https://w.example/x')),
  startBytes: fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5)),
  lengthBytes: fc.oneof(fc.nat(), fc.constantFrom(0, 0.5, 524_289)),
  positionS: fc.oneof(fc.double(), fc.nat(10_000)),
});
const reached = async (): Promise<never> => {
  throw new EngineCallError('internal', notice('unexpected'), 'reached');
};
const CALLS: EngineCalls = {
  openSession: reached,
  shareFiles: reached,
  watch: reached,
  selectFile: reached,
  pictureShown: reached,
  reportStall: reached,
  reportBuffer: reached,
  pauseSession: reached,
  resumeSession: reached,
  removeSession: reached,
  setMode: reached,
  addTracker: reached,
  allowWebSeed: reached,
  setRateLimits: reached,
  readVerified: reached,
  leaveFileAt: reached,
  deleteStored: reached,
  deleteAllStored: reached,
  retry: reached,
  testServer: reached,
};

const seedAnswer = fc.record({
  status: fc.constantFrom(200, 206, 206, 206, 301, 404, 416, 429, 503, 418),
  contentRange: fc.option(mutatedText(fc.constantFrom('bytes 100-199/1000', 'bytes 100-199/*'), [], 2), { nil: undefined }),
  contentLength: fc.option(mutatedText(fc.constantFrom('100', '1000'), [], 1), { nil: undefined }),
  retryAfter: fc.option(mutatedText(fc.constantFrom('5', 'Wed, 21 Oct 2015 07:28:00 GMT'), [], 1), { nil: undefined }),
  chunks: fc.array(anyBytes({ maxLength: 300 }), { maxLength: 8 }),
});

export const STREAM_REQUESTS: FuzzTarget = {
  name: 'stream-requests',
  runs: 300,
  properties: [
    property(
      'a-range-lies-in-its-file',
      fc.tuple(mutatedText(rangeHeader, ['bytes=', '-', ','], 3), fc.maxSafeNat()),
      ([header, lengthBytes]) => {
        const span = spanOf(
          bounded(header.length, () => parseRangeHeader(header)),
          lengthBytes,
        );
        if (span === undefined) return;
        assert.ok(Number.isSafeInteger(span.startBytes) && Number.isSafeInteger(span.endBytes));
        assert.ok(span.startBytes >= 0 && span.startBytes <= span.endBytes && span.endBytes <= lengthBytes);
      },
    ),
    property(
      'a-stream-address-is-sound-or-nothing',
      mutatedText(
        fc.constantFrom(`/stream/${'ab'.repeat(20)}/0`, `/stream/${'ab'.repeat(20)}/unasked`, `/stream/${'ab'.repeat(20)}/9999999`),
      ),
      (path) => {
        const address = bounded(path.length, () => parseStreamPath(path));
        if (address === undefined) return;
        assert.match(address.sessionId, /^[0-9a-f]{40}$/);
        assert.ok(address.fileIndex === 'unasked' || (address.fileIndex >= 0 && address.fileIndex <= 1_000_000));
      },
    ),
    property(
      'a-name-to-save-as-stays-one-header',
      mutatedText(fc.constantFrom('film.mp4', '"; filename=x', 'a\r\nset-cookie: b')),
      (name) => {
        const url = new URL('https://x.example/stream/');
        url.searchParams.set('save', name);
        const asked = savedAs(url) ?? name;
        const headers = new Headers({ 'content-disposition': attachment(asked) });
        assert.ok(!/[\r\n\0]/.test(headers.get('content-disposition') ?? ''));
      },
    ),
    property('port-messages-are-whole-or-refused', portMessage, (json) => {
      for (const schema of [streamPullMessage, streamMessage, streamRequest, hostMessage, connectEngineRequest, engineGreeting]) {
        const parsed = v.safeParse(schema, json);
        if (parsed.success) assert.deepEqual(v.parse(schema as v.GenericSchema, parsed.output), parsed.output);
      }
    }),
    property(
      'calls-are-checked-before-the-engine-sees-them',
      fc.tuple(fc.constantFrom(...(Object.keys(CALLS) as (keyof EngineCalls)[])), argument),
      async ([name, json]) => {
        const call: (argument: never) => Promise<unknown> = validatedCalls(CALLS)[name];
        await assert.rejects(
          call(json as never),
          (error) => error instanceof EngineCallError && ['internal', 'bad-request'].includes(error.code),
        );
      },
    ),
    property('a-web-seed-gives-what-was-asked-for-or-an-error', seedAnswer, async (answer) => {
      const headers = new Headers();
      const named = [
        ['content-range', answer.contentRange],
        ['content-length', answer.contentLength],
        ['retry-after', answer.retryAfter],
      ] as const;
      for (const [name, value] of named) if (value !== undefined && !/[^\t -~]/.test(value)) headers.set(name, value);
      let bytes = 0;
      try {
        const range = { url: 'https://w.example/f', startBytes: 100, lengthBytes: 100, fileLengthBytes: 1000, wholeFileBytes: 2000 };
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            for (const chunk of answer.chunks) controller.enqueue(chunk);
            controller.close();
          },
        });
        const fetch = async (): Promise<Response> => new Response(body, { status: answer.status, headers });
        for await (const part of readWebSeedRange({ ...range, fetch, signal: new AbortController().signal })) bytes += part.length;
        assert.equal(bytes, 100);
      } catch (error) {
        assert.ok(error instanceof WebSeedError, String(error));
        assert.ok(error.retryAfterMs === undefined || (error.retryAfterMs >= 0 && error.retryAfterMs <= 300_000));
      }
      assert.ok(bytes <= 100);
    }),
  ],
};
