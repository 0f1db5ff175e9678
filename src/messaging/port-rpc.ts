import { createBirpc, type BirpcReturn } from 'birpc';
import * as v from 'valibot';
import { ENGINE_CALL_ERROR_CODES, EngineCallError } from '@/src/protocol/engine-api';
import { onPortMessage } from './port-messages';
import { notice } from '@/src/protocol/notice';
import { noticeMessage } from './notice-message';

const wireError = v.object({ code: v.picklist(ENGINE_CALL_ERROR_CODES), notice: noticeMessage, detail: v.exactOptional(v.string()) });
const wireMessage = v.looseObject({ t: v.picklist(['q', 's']) });

/**
 * Typed calls both ways over a port. Errors cross as {code, notice}. A port cannot tell that its other end died, so calls have no
 * time-out here: abort the signal when presence says so, and every pending call rejects with `engine-lost`.
 */
export function portRpc<Remote extends object, Local extends object>(
  port: MessagePort,
  local: Local,
  signal: AbortSignal,
): BirpcReturn<Remote, Local> {
  const rpc = createBirpc<Remote, Local>(local, {
    post: (message) => port.postMessage(message),
    on: (listener) => onPortMessage(port, wireMessage, signal, listener),
    serialize: (message: { e?: unknown }) => (message.e === undefined ? message : { ...message, e: toWireError(message.e) }),
    deserialize: (message: { e?: unknown }) => (message.e === undefined ? message : { ...message, e: fromWireError(message.e) }),
    // Without this a peer could call what every object inherits, such as `constructor`.
    resolver: (name, resolved) => (Object.hasOwn(local, name) ? resolved : undefined),
    timeout: -1,
  });
  const close = (): void => {
    rpc.$close(new EngineCallError('engine-lost', notice('engineStopped')));
    port.close();
  };
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
  return rpc;
}

function toWireError(error: unknown): v.InferOutput<typeof wireError> {
  if (error instanceof EngineCallError) return { code: error.code, notice: error.notice };
  return { code: 'internal', notice: notice('unexpected'), detail: String(error) };
}

function fromWireError(error: unknown): EngineCallError {
  const parsed = v.safeParse(wireError, error);
  if (!parsed.success) return new EngineCallError('internal', notice('unexpected'));
  return new EngineCallError(parsed.output.code, parsed.output.notice, parsed.output.detail);
}
