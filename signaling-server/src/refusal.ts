import type { SignalingError, SignalingErrorCode } from '@/src/protocol/signaling-events';

/** Why a message of the right form is not obeyed. */
export type RefusalCode = Exclude<SignalingErrorCode, 'bad-message'>;

const SENTENCES: Readonly<Record<RefusalCode, string>> = {
  unauthorized: 'This server takes in only those who have an access token that is valid.',
  'not-announced': 'Announce yourself in this swarm first.',
  'peer-id-taken': 'Another connection has this peer id, and the resume token is not the one it gave.',
  'unknown-peer': 'That peer is not in this swarm.',
  'no-open-offer': 'There is no open offer between you and that peer.',
  'rate-limited': 'Too many messages; wait a few seconds.',
  'swarm-not-allowed': 'This server serves certain films only, and this is not one of them.',
  'swarm-limit': 'This server takes no more swarms, or no more members in this one.',
};

export function refusal(code: RefusalCode): { readonly error: SignalingError } {
  return { error: { code, message: SENTENCES[code] } };
}
