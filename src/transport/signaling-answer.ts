import * as v from 'valibot';
import type { SignalingError } from '@/src/protocol/signaling-events';
import { SignalingCallError } from './signaling-client';
import { notice, type Notice } from '@/src/protocol/notice';

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
  if (!parsed.success) throw new SignalingCallError('unreachable', notice('notSignalingServer', { host }));
  onAnswered();
  if ('error' in parsed.output) {
    const { error } = parsed.output;
    throw new SignalingCallError(error.code, refusalNotice(error, host));
  }
  return parsed.output;
}

/** Why a server will not have somebody or something. Its own words are kept where its code says too little. */
export function refusalNotice({ code, message }: { readonly code: string; readonly message: string }, host: string): Notice {
  switch (code) {
    case 'rate-limited':
      return notice('networkLimited', { host });
    case 'unauthorized':
      return notice('tokenRefused', { host });
    case 'swarm-not-allowed':
      return notice('filmNotServed', { host });
    case 'swarm-limit':
      return notice('noRoomForFilm', { host });
    case 'unknown-peer':
      return notice('peerUnknown');
    default:
      return notice('serverRefuses', { host, reason: message });
  }
}
