import type { PeerSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { SwarmTracker } from '@/src/transport/swarm-tracker';
import type { Peer } from './peer';
import type { Swarm } from './swarm';
import { NO_TRAFFIC } from './traffic';

/** Linked peers, and those that a negotiation is under way with. */
export function snapshotNativePeers(swarm: Swarm, nowMs: number): PeerSnapshot[] {
  const dialed = [...swarm.dials.values()].flatMap(({ peer }) => peer ?? []);
  return [
    ...Array.from(swarm.peers.values(), (peer) => snapshotPeer(peer, swarm.isChoked(peer), nowMs)),
    ...dialed.map(
      (id) =>
        ({
          id,
          source: 'native',
          state: 'connecting',
          path: 'unknown',
          rttMs: undefined,
          availability: 0,
          strikes: 0,
          ...NO_TRAFFIC,
        }) as const,
    ),
  ];
}

export function snapshotSignaling(client: Pick<SignalingClient, 'url' | 'status'>): SignalingSnapshot {
  const { status } = client;
  return { url: client.url, state: status.kind, reason: status.kind === 'unreachable' ? status.reason : undefined };
}

export function snapshotSwarmTracker(tracker: SwarmTracker): SignalingSnapshot {
  return { ...snapshotSignaling(tracker), tracker: { members: tracker.members } };
}

function snapshotPeer(peer: Peer, isChoked: boolean, nowMs: number): PeerSnapshot {
  return {
    id: peer.id,
    source: 'native',
    state: 'connected',
    path: peer.path.kind,
    rttMs: peer.path.rttMs,
    availability: peer.has === undefined || peer.has.length === 0 ? 0 : peer.has.count / peer.has.length,
    rates: peer.traffic.rates(nowMs),
    totals: peer.traffic.totals(),
    strikes: peer.strikes,
    link: {
      connections: peer.lanes.length,
      queuedRequests: peer.lanes.reduce((count, { owed }) => count + owed.count, 0),
      queuedBytes: peer.lanes.reduce((bytes, { owed }) => bytes + owed.owedBytes, 0),
      failures: peer.failures,
      isChoking: peer.isChoking,
      isChoked,
    },
  };
}
