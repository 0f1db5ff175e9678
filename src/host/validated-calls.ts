import * as v from 'valibot';
import {
  ENGINE_MODES,
  EngineCallError,
  MAX_BYTES_PER_SECOND,
  MAX_MAGNET_CHARS,
  MIN_BYTES_PER_SECOND,
  type EngineCalls,
  type ServerTestRequest,
  type WatchScope,
} from '@/src/protocol/engine-api';
import { MAX_TOKEN_CHARS } from '@/src/protocol/web-socket-frames';
import { fileIndex, infoHash, readVerifiedRequest } from '@/src/messaging/stream-messages';
import { MAX_FILES } from '@/src/protocol/metainfo-refusal';
import { MAX_METADATA_BYTES } from '@/src/protocol/peer-messages';
import { MAX_PIECE_LAYERS_BYTES } from '@/src/protocol/piece-layer-file';
import { notice } from '@/src/protocol/notice';

const MAX_URL_CHARS = 2000;
/** Longer than any film: a month. */
const MAX_POSITION_S = 31 * 24 * 3600;

/** Which addresses may be contacted is for the engine to say; here only what is no address at all is refused. */
const url = v.pipe(
  v.string(),
  v.maxLength(MAX_URL_CHARS),
  v.check((text) => URL.canParse(text), 'This is no address'),
);

const iceText = v.pipe(v.string(), v.maxLength(MAX_URL_CHARS));
const rate = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(MIN_BYTES_PER_SECOND), v.maxValue(MAX_BYTES_PER_SECOND)));

const schemas = {
  openSession: v.object({ magnet: v.pipe(v.string(), v.maxLength(MAX_MAGNET_CHARS)) }),
  shareFiles: v.object({
    magnet: v.pipe(v.string(), v.maxLength(MAX_MAGNET_CHARS)),
    infoBytes: v.pipe(
      v.instance(Uint8Array<ArrayBuffer>),
      v.check(({ length }) => length <= MAX_METADATA_BYTES, 'Too long a description'),
    ),
    files: v.pipe(v.array(v.instance(File)), v.minLength(1), v.maxLength(MAX_FILES)),
    hashes: v.exactOptional(
      v.pipe(
        v.instance(Uint8Array<ArrayBuffer>),
        v.check(({ length }) => length <= MAX_PIECE_LAYERS_BYTES, 'Too many piece hashes'),
      ),
    ),
  }),
  watch: v.variant('kind', [
    v.object({ kind: v.literal('all') }),
    v.object({ kind: v.literal('none') }),
    v.object({ kind: v.literal('session'), sessionId: infoHash }),
  ]) satisfies v.GenericSchema<unknown, WatchScope>,
  selectFile: v.object({ sessionId: infoHash, fileIndex }),
  session: v.object({ sessionId: infoHash }),
  reportStall: v.object({ sessionId: infoHash, isStalled: v.boolean() }),
  reportBuffer: v.object({ sessionId: infoHash, aheadS: v.pipe(v.number(), v.finite(), v.minValue(0)) }),
  removeSession: v.object({ sessionId: infoHash, deleteStored: v.boolean() }),
  setMode: v.object({ sessionId: infoHash, mode: v.picklist(ENGINE_MODES) }),
  addTracker: v.object({ sessionId: infoHash, url: v.pipe(url, v.regex(/^wss?:/i)) }),
  leaveFileAt: v.object({
    sessionId: infoHash,
    fileIndex,
    positionS: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(MAX_POSITION_S))),
  }),
  setRateLimits: v.object({ sessionId: infoHash, uploadBytesPerSecond: rate, downloadBytesPerSecond: rate }),
  testServer: v.variant('kind', [
    v.object({ kind: v.literal('signaling'), url, token: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_TOKEN_CHARS))) }),
    v.object({ kind: v.literal('tracker'), url }),
    v.object({
      kind: v.literal('ice'),
      server: v.object({ urls: iceText, username: v.exactOptional(iceText), credential: v.exactOptional(iceText) }),
    }),
  ]) satisfies v.GenericSchema<unknown, ServerTestRequest>,
  deleteStored: v.object({ infoHash }),
  allowWebSeed: v.object({ sessionId: infoHash, url: v.pipe(url, v.regex(/^https?:/i)) }),
};

/** The engine's calls as a port may make them: each argument is checked before the engine sees it. @throws {EngineCallError} `bad-request` */
export function validatedCalls(calls: EngineCalls): EngineCalls {
  return {
    openSession: async (request) => calls.openSession(check(schemas.openSession, request)),
    shareFiles: async (request) => calls.shareFiles(check(schemas.shareFiles, request)),
    watch: async (scope) => calls.watch(check(schemas.watch, scope)),
    selectFile: async (request) => calls.selectFile(check(schemas.selectFile, request)),
    pictureShown: async (request) => calls.pictureShown(check(schemas.session, request)),
    reportStall: async (request) => calls.reportStall(check(schemas.reportStall, request)),
    reportBuffer: async (request) => calls.reportBuffer(check(schemas.reportBuffer, request)),
    pauseSession: async (request) => calls.pauseSession(check(schemas.session, request)),
    resumeSession: async (request) => calls.resumeSession(check(schemas.session, request)),
    removeSession: async (request) => calls.removeSession(check(schemas.removeSession, request)),
    setMode: async (request) => calls.setMode(check(schemas.setMode, request)),
    addTracker: async (request) => calls.addTracker(check(schemas.addTracker, request)),
    allowWebSeed: async (request) => calls.allowWebSeed(check(schemas.allowWebSeed, request)),
    setRateLimits: async (request) => calls.setRateLimits(check(schemas.setRateLimits, request)),
    readVerified: async (request) => calls.readVerified(check(readVerifiedRequest, request)),
    leaveFileAt: async (request) => {
      const { sessionId, fileIndex: index, positionS } = check(schemas.leaveFileAt, request);
      return calls.leaveFileAt({ sessionId, fileIndex: index, positionS });
    },
    deleteStored: async (request) => calls.deleteStored(check(schemas.deleteStored, request)),
    deleteAllStored: async () => calls.deleteAllStored(),
    retry: async () => calls.retry(),
    testServer: async (request) => calls.testServer(check(schemas.testServer, request)),
  };
}

function check<Value>(schema: v.GenericSchema<unknown, Value>, argument: unknown): Value {
  const parsed = v.safeParse(schema, argument);
  if (!parsed.success) throw new EngineCallError('bad-request', notice('unexpected'), v.summarize(parsed.issues));
  return parsed.output;
}
