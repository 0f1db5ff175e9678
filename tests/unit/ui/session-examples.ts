import {
  SOURCE_NAMES,
  type FileSnapshot,
  type PeerSnapshot,
  type SessionSnapshot,
  type SourceName,
  type SourceSnapshot,
  type TrackerSnapshot,
  type WebSeedSnapshot,
} from '@/src/protocol/engine-api';
import { parseInfoHash, randomPeerId } from '@/src/protocol/ids';

const IDLE = { downloadBytesPerSecond: 0, uploadBytesPerSecond: 0 };
const NOTHING = { downloadedBytes: 0, uploadedBytes: 0, wastedBytes: 0, corruptBytes: 0 };

export function exampleSession(change: Partial<SessionSnapshot> = {}): SessionSnapshot {
  const id = parseInfoHash('a'.repeat(40));
  if (id === undefined) throw new Error('the example id is valid');
  return {
    id,
    name: 'Film',
    magnet: `magnet:?xt=urn:btih:${id}`,
    state: { kind: 'searching' },
    share: undefined,
    files: undefined,
    stored: undefined,
    timeline: {},
    mode: 'hybrid',
    sources: SOURCE_NAMES.map((name) => exampleSource(name)),
    trackers: [],
    webSeeds: [],
    unusableTrackers: 0,
    stalls: 0,
    stalledMs: 0,
    aheadBytes: undefined,
    bufferedS: undefined,
    waitingBytes: 0,
    rateLimits: { uploadBytesPerSecond: null, downloadBytesPerSecond: null },
    signaling: [{ url: 'http://127.0.0.1:8787', state: 'connected', reason: undefined }],
    publisherServers: [],
    lacksRelay: false,
    peers: [],
    views: 1,
    rates: IDLE,
    totals: NOTHING,
    ...change,
  };
}

export function exampleFile(change: Partial<FileSnapshot> = {}): FileSnapshot {
  return {
    index: 0,
    path: ['film.mp4'],
    kind: 'video',
    lengthBytes: 1000,
    verifiedBytes: 0,
    selected: false,
    positionS: undefined,
    ...change,
  };
}

export function examplePeer(change: Partial<PeerSnapshot> = {}): PeerSnapshot {
  const id = randomPeerId((lengthBytes) => new Uint8Array(lengthBytes).fill(0xbb));
  return {
    id,
    source: 'native',
    state: 'connected',
    path: 'host',
    rttMs: 10,
    availability: 1,
    rates: IDLE,
    totals: NOTHING,
    strikes: 0,
    ...change,
  };
}

export function exampleSource(name: SourceName, change: Partial<SourceSnapshot> = {}): SourceSnapshot {
  return { name, state: 'searching', peers: 0, timeline: {}, rates: IDLE, totals: NOTHING, ...change };
}

export function exampleTracker(change: Partial<TrackerSnapshot> = {}): TrackerSnapshot {
  return { url: 'wss://tracker.example.org', state: 'connected', reason: undefined, seeders: 0, leechers: 1, ...change };
}

export function exampleWebSeed(change: Partial<WebSeedSnapshot> = {}): WebSeedSnapshot {
  return { url: 'https://films.example.org/film.mp4', state: 'waiting', reason: undefined, totals: NOTHING, ...change };
}
