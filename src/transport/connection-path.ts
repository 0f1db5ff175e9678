import type { LinkPath } from './peer-link';

/** Path facts of a connection, from its statistics. */
export async function connectionPath(connection: RTCPeerConnection): Promise<LinkPath> {
  if (connection.connectionState === 'closed') return { kind: 'unknown', rttMs: undefined };
  const stats = await connection.getStats();
  const entries = [...stats.values()] as Record<string, unknown>[];
  const pair = entries.find((entry) => entry['type'] === 'candidate-pair' && (entry['selected'] === true || entry['nominated'] === true));
  const local = entries.find((entry) => entry['id'] === pair?.['localCandidateId']);
  const rttSeconds = pair?.['currentRoundTripTime'];
  return { kind: pathKind(local?.['candidateType']), rttMs: typeof rttSeconds === 'number' ? rttSeconds * 1000 : undefined };
}

function pathKind(type: unknown): LinkPath['kind'] {
  return type === 'host' || type === 'srflx' || type === 'prflx' || type === 'relay' ? type : 'unknown';
}
