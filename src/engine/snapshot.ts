import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { isBrowserTracker } from '@/src/protocol/tracker-urls';
import { snapshotSignaling, snapshotSwarmTracker } from './native-snapshot';
import type { Session } from './session';
import { addTraffic } from './traffic';

export function snapshotSession(session: Session, views: number, nowMs: number): SessionSnapshot {
  const { torrent, magnet } = session;
  const { native, webtorrent, mode } = session.sources;
  const sources = session.sources.snapshots(nowMs);
  return {
    id: magnet.infoHash,
    name: session.name,
    magnet: session.magnetText,
    state: session.state,
    share: session.share,
    files: torrent?.files(),
    stored: torrent === undefined || session.share !== undefined ? undefined : torrent.chunks.snapshot,
    timeline: { ...session.timeline },
    mode,
    sources,
    trackers: webtorrent.trackers.snapshot(),
    webSeeds: session.sources.webSeeds(),
    unusableTrackers: magnet.trackers.filter((url) => !isBrowserTracker(url)).length,
    stalls: session.stalls.count,
    stalledMs: session.stalls.totalMs,
    aheadBytes: torrent?.aheadBytes,
    bufferedS: session.bufferedS,
    waitingBytes: torrent?.waitingBytes ?? 0,
    rateLimits: session.rates.limits,
    signaling: [...native.swarm.signaling.map(snapshotSignaling), ...native.swarm.trackers.map(snapshotSwarmTracker)],
    publisherServers: session.sources.publisherServers(),
    lacksRelay: session.sources.lacksRelay,
    peers: session.sources.peers(nowMs),
    views,
    ...addTraffic(sources),
  };
}
