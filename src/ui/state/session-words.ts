import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { formatShare } from './format';
import { chosenBytes } from './session-facts';

/** A session's state as a person would put it. */
export function sessionWords(session: SessionSnapshot): string {
  switch (session.state.kind) {
    case 'searching':
      return session.signaling.some((server) => server.state === 'connected')
        ? 'Searching for peers'
        : 'Connecting to the signaling server';
    case 'metadata':
      return 'Asking peers for the file list';
    case 'active': {
      const { verifiedBytes, lengthBytes } = chosenBytes(session);
      return `Downloading, ${formatShare(verifiedBytes, lengthBytes)}`;
    }
    case 'paused':
      return session.state.reason === 'disk-full' ? 'Paused: the disk is full' : 'Paused';
    case 'complete':
      return 'Complete, shared with others';
    case 'failed':
      return `Failed: ${session.state.advice}`;
  }
}
