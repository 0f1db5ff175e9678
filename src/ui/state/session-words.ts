import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { formatShare } from './format';
import { askedServers, peerSearch, type PeerSearch } from './peer-search';
import { chosenBytes } from './session-facts';

/** A session's state as a person would put it. */
export function sessionWords(session: SessionSnapshot): string {
  switch (session.state.kind) {
    case 'searching':
      return searchWords(peerSearch(session));
    case 'metadata':
      return 'Asking peers for the file list';
    case 'active': {
      const { verifiedBytes, lengthBytes } = chosenBytes(session);
      return `Downloading, ${formatShare(verifiedBytes, lengthBytes)}`;
    }
    case 'paused':
      return session.state.reason === 'disk-full' ? 'Paused: the disk is full' : 'Paused';
    case 'complete':
      return session.share === undefined ? 'Complete, shared with others' : 'Your files, shared from where they are';
    case 'failed':
      return `Failed: ${session.state.advice}`;
  }
}

export function searchWords(search: PeerSearch): string {
  const servers = askedServers(search);
  switch (search.stage) {
    case 'asking':
      return 'Searching for peers';
    case 'nobody-to-ask':
      return search.mode === 'webrtc' ? 'No signaling server' : 'No server to ask';
    case 'unreachable':
      return `No ${servers} answers`;
    case 'connecting':
      return servers === 'signaling server' ? 'Connecting to the signaling server' : `Connecting to the ${servers}s`;
  }
}
