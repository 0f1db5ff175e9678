import type { FileSnapshot, PeerSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import { formatCount } from './format';

export function connectedPeers(session: SessionSnapshot): readonly PeerSnapshot[] {
  return session.peers.filter((peer) => peer.state === 'connected');
}

function sendingWebSeeds(session: SessionSnapshot): number {
  return session.webSeeds.filter((seed) => seed.state === 'active').length;
}

/** "2 peers", "0 peers, 1 web seed". */
export function senderWords(session: SessionSnapshot): string {
  const webSeeds = sendingWebSeeds(session);
  const peers = formatCount(connectedPeers(session).length, 'peer');
  return webSeeds === 0 ? peers : `${peers}, ${formatCount(webSeeds, 'webSeed')}`;
}

/** Whether anybody sends: a peer, or a web server that holds the film. */
export function hasSource(session: SessionSnapshot): boolean {
  return connectedPeers(session).length > 0 || sendingWebSeeds(session) > 0;
}

export function findFile(session: SessionSnapshot | undefined, fileIndex: number): FileSnapshot | undefined {
  return session?.files?.find((file) => file.index === fileIndex);
}

export function isFileComplete(file: FileSnapshot | undefined): boolean {
  return file !== undefined && file.verifiedBytes >= file.lengthBytes;
}

/** Bytes of what the viewers chose; of everything while nothing is chosen. */
export function chosenBytes(session: SessionSnapshot): { readonly verifiedBytes: number; readonly lengthBytes: number } {
  const files = session.files ?? [];
  const chosen = files.some((file) => file.selected) ? files.filter((file) => file.selected) : files;
  return {
    verifiedBytes: chosen.reduce((total, file) => total + file.verifiedBytes, 0),
    lengthBytes: chosen.reduce((total, file) => total + file.lengthBytes, 0),
  };
}
