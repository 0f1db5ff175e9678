import * as v from 'valibot';
import type { SignalingError } from '@/src/protocol/signaling-events';
import { SignalingCallError } from './signaling-client';

/**
 * What a server acknowledged a call with. @throws {SignalingCallError} with its code, or `unreachable` when it says nothing a server of ours says
 * @param onAnswered it is one, even if it answers with an error
 */
export function readSignalingAnswer<Answer extends object>(
  schema: v.GenericSchema<unknown, Answer | { error: SignalingError }>,
  reply: unknown,
  host: string,
  onAnswered: () => void = () => undefined,
): Answer {
  const parsed = v.safeParse(schema, reply);
  if (!parsed.success) throw new SignalingCallError('unreachable', `${host} does not answer like a Lodestream signaling server.`);
  onAnswered();
  if ('error' in parsed.output) throw new SignalingCallError(parsed.output.error.code, parsed.output.error.message);
  return parsed.output;
}

/** Why a server takes somebody in no more, for people. */
export function refusalSentence({ code, message }: { readonly code: string; readonly message: string }, host: string): string {
  if (code === 'rate-limited') return `${host} takes no more connections from this network for now.`;
  if (code === 'unauthorized') return `${host} is a private server and does not accept the access token. Ask its host for one.`;
  return code === 'unreachable' ? message : `${host} refuses: ${message}`;
}
