import { isPrivateAddress } from './candidate-filter';
import type { LinkPath } from './peer-link';

type Entry = Readonly<Record<string, unknown>>;
interface Selected {
  readonly pair: Entry | undefined;
  readonly local: Entry | undefined;
  readonly remote: Entry | undefined;
}

/** Path facts of a connection, from its statistics. */
export async function connectionPath(connection: RTCPeerConnection): Promise<LinkPath> {
  const { pair, local } = await selectedPair(connection);
  const rttSeconds = pair?.['currentRoundTripTime'];
  return { kind: pathKind(local?.['candidateType']), rttMs: typeof rttSeconds === 'number' ? rttSeconds * 1000 : undefined };
}

/**
 * Whether both ends are on this machine or in one private network (SPEC W5). That our own end is a host address says nothing of it: it
 * is one wherever no NAT is in between, as with IPv6, and the other may be anywhere.
 */
export async function isWithinPrivateNetwork(connection: Pick<RTCPeerConnection, 'connectionState' | 'getStats'>): Promise<boolean> {
  const { local, remote } = await selectedPair(connection);
  // Chromium says `address`, and nothing for one it learnt from the peer's packets alone; libdatachannel says `ip`.
  const address = remote?.['address'] ?? remote?.['ip'];
  return local?.['candidateType'] === 'host' && typeof address === 'string' && isPrivateAddress(address);
}

async function selectedPair(connection: Pick<RTCPeerConnection, 'connectionState' | 'getStats'>): Promise<Selected> {
  if (connection.connectionState === 'closed') return { pair: undefined, local: undefined, remote: undefined };
  const stats = await connection.getStats();
  const entries = [...stats.values()] as Entry[];
  const pair = entries.find((entry) => entry['type'] === 'candidate-pair' && (entry['selected'] === true || entry['nominated'] === true));
  const byId = (id: unknown): Entry | undefined => entries.find((entry) => entry['id'] === id);
  return { pair, local: byId(pair?.['localCandidateId']), remote: byId(pair?.['remoteCandidateId']) };
}

function pathKind(type: unknown): LinkPath['kind'] {
  return type === 'host' || type === 'srflx' || type === 'prflx' || type === 'relay' ? type : 'unknown';
}
