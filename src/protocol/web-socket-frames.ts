import * as v from 'valibot';
import { MAX_SIGNALING_MESSAGE_BYTES, RELAY_KINDS } from './signaling-events';

/*
 * Signaling over a plain WebSocket at `/ws`: the events of `signaling-events.ts` in text frames of JSON, one each.
 *
 * Client to server: `{type, id?, payload}`. A frame with an `id` is answered, by `{type: 'ack', id, payload}` with what Socket.IO would
 * acknowledge. Server to client: that, what is relayed as `{type, payload}`, and `{type: 'error', payload: {code, message}}` before it
 * hangs up on somebody it takes no more of. A client that has a token sends it first, as `auth`; an error as the answer means it is refused.
 */

/** At the end of the address; nothing else tells this protocol from Socket.IO. */
export const WEB_SOCKET_PATH = '/ws';

export const CLIENT_FRAME_TYPES = ['auth', 'announce', ...RELAY_KINDS, 'leave'] as const;
export type ClientFrameType = (typeof CLIENT_FRAME_TYPES)[number];

export const MAX_TOKEN_CHARS = 1000;
export const authSchema = v.strictObject({ token: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_TOKEN_CHARS)) });

/** Counted up by the client. */
const frameId = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const clientFrameSchema = v.strictObject({
  type: v.picklist(CLIENT_FRAME_TYPES),
  id: v.optional(frameId),
  /** Checked by the schema of its type. */
  payload: v.unknown(),
});

export const serverFrameSchema = v.variant('type', [
  v.object({ type: v.literal('ack'), id: frameId, payload: v.unknown() }),
  v.object({ type: v.picklist([...RELAY_KINDS, 'peer-left', 'error']), payload: v.unknown() }),
]);

export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;
export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;

export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

/** Reads what `clientFrameSchema` accepts; a server does so for each message. @returns undefined for what is no frame of a client */
export function readClientFrame(text: string): ClientFrame | undefined {
  if (text.length > MAX_SIGNALING_MESSAGE_BYTES) return undefined;
  const json = parseJson(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !('type' in json) || !('payload' in json)) return undefined;
  const { type, payload } = json;
  if (typeof type !== 'string' || !CLIENT_TYPES.has(type)) return undefined;
  if (!('id' in json)) return Object.keys(json).length === 2 ? { type: type as ClientFrameType, payload } : undefined;
  const { id } = json;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0 || Object.keys(json).length !== 3) return undefined;
  return { type: type as ClientFrameType, id, payload };
}

/** @returns undefined for what is no frame of a server */
export function readServerFrame(text: string): ServerFrame | undefined {
  return readFrame(serverFrameSchema, text);
}

const CLIENT_TYPES: ReadonlySet<string> = new Set(CLIENT_FRAME_TYPES);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readFrame<Frame>(schema: v.GenericSchema<unknown, Frame>, text: string): Frame | undefined {
  if (text.length > MAX_SIGNALING_MESSAGE_BYTES) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : undefined;
}
