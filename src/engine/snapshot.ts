import type { EngineSnapshot, PeerSnapshot, SessionSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { Peer } from './peer';
import type { Session } from './session';

const NOTHING = {
  rates: { downloadBytesPerSecond: 0, uploadBytesPerSecond: 0 },
  totals: { downloadedBytes: 0, uploadedBytes: 0, wastedBytes: 0 },
} as const;

export function snapshotOf(sessions: readonly SessionSnapshot[], storedBytes: number): EngineSnapshot {
  return { sessions, storedBytes };
}

export function snapshotSession(session: Session, views: number, nowMs: number): SessionSnapshot {
  const { swarm, torrent } = session;
  const dialed = [...swarm.dials.values()].flatMap(({ peer }) => peer ?? []);
  return {
    id: session.magnet.infoHash,
    name: session.name,
    magnet: session.magnetText,
    state: session.state,
    files: torrent?.files(),
    timeline: { ...session.timeline },
    signaling: swarm.signaling.map(snapshotSignaling),
    peers: [
      ...Array.from(swarm.peers.values(), (peer) => snapshotPeer(peer, nowMs)),
      ...dialed.map(
        (id) => ({ id, state: 'connecting', path: 'unknown', rttMs: undefined, availability: 0, strikes: 0, ...NOTHING }) as const,
      ),
    ],
    views,
    rates: swarm.traffic.rates(nowMs),
    totals: swarm.traffic.totals(),
  };
}

function snapshotPeer(peer: Peer, nowMs: number): PeerSnapshot {
  return {
    id: peer.id,
    state: 'connected',
    path: peer.path.kind,
    rttMs: peer.path.rttMs,
    availability: peer.has === undefined || peer.has.length === 0 ? 0 : peer.has.count / peer.has.length,
    rates: peer.traffic.rates(nowMs),
    totals: peer.traffic.totals(),
    strikes: peer.strikes,
  };
}

function snapshotSignaling(client: SignalingClient): SignalingSnapshot {
  const { status } = client;
  return { url: client.url, state: status.kind, reason: status.kind === 'unreachable' ? status.reason : undefined };
}
