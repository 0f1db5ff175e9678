import type { EngineMode, SessionSnapshot, SignalingSnapshot, TrackerSnapshot, WebSeedSnapshot } from '@/src/protocol/engine-api';
import { formatCount } from './format';
import { i18n, LOCALE } from './i18n';
import { noticeWords } from './notice-words';

/** Whom a session asks for peers, as its engines need them, and what they said. */
export interface PeerSearch {
  readonly mode: EngineMode;
  readonly signaling: readonly SignalingSnapshot[];
  readonly trackers: readonly TrackerSnapshot[];
  readonly webSeeds: readonly WebSeedSnapshot[];
  /** Trackers of the link that no browser can ask. */
  readonly unusableTrackers: number;
  /** The most that one tracker claims: several may count the same ones. */
  readonly knownSeeders: number;
  /** Only relays may be used, and none is known. */
  readonly lacksRelay: boolean;
  readonly stage: SearchStage;
}

export type SearchStage = 'nobody-to-ask' | 'connecting' | 'unreachable' | 'asking';

export function peerSearch(session: SessionSnapshot): PeerSearch {
  const { mode } = session;
  const signaling = mode === 'webtorrent' ? [] : session.signaling.filter(({ tracker }) => tracker === undefined);
  // With WebTorrent the same trackers are asked for its swarm, which says more.
  const trackers = mode === 'webrtc' ? session.signaling.flatMap(swarmTracker) : session.trackers;
  const webSeeds = mode === 'webrtc' ? [] : session.webSeeds;
  return {
    mode,
    signaling,
    trackers,
    webSeeds,
    unusableTrackers: mode === 'webrtc' ? 0 : session.unusableTrackers,
    knownSeeders: Math.max(0, ...trackers.map((tracker) => tracker.seeders ?? 0)),
    lacksRelay: session.lacksRelay,
    stage: stageOf([...signaling, ...trackers], webSeeds),
  };
}

/** A tracker that carries the native swarm, as one of WebTorrent's would be described. */
function swarmTracker({ url, state, reason, tracker }: SignalingSnapshot): TrackerSnapshot[] {
  if (tracker === undefined) return [];
  const counts = tracker.members === undefined ? { seeders: undefined, leechers: undefined } : { seeders: 0, leechers: tracker.members };
  return [{ url, state: state === 'idle' ? 'connecting' : state, reason, ...counts }];
}

function stageOf(servers: readonly (SignalingSnapshot | TrackerSnapshot)[], webSeeds: readonly WebSeedSnapshot[]): SearchStage {
  const seedsHelp = webSeeds.some((seed) => seed.state === 'waiting' || seed.state === 'active' || seed.state === 'slow');
  if (servers.length === 0) return seedsHelp ? 'asking' : webSeeds.length === 0 ? 'nobody-to-ask' : 'unreachable';
  if (servers.some((server) => server.state === 'connected')) return 'asking';
  const failed = servers.every((server) => server.state === 'unreachable' || server.state === 'refused');
  return failed && !seedsHelp ? 'unreachable' : 'connecting';
}

/** Which kind of server is asked, as whoever has to set one up tells them apart. */
export function askedServers({ signaling, trackers }: PeerSearch): 'signaling' | 'tracker' | 'server' {
  if (trackers.length === 0) return signaling.length === 0 ? 'server' : 'signaling';
  return signaling.length === 0 ? 'tracker' : 'server';
}

export function searchTitle(search: PeerSearch): string {
  if (search.lacksRelay) return i18n.t('player.noPeer.needsTurn');
  if (search.stage === 'unreachable' || search.stage === 'connecting') return i18n.t('player.noPeer.unreachable');
  return search.knownSeeders > 0 ? i18n.t('player.noPeer.othersUnreachable') : i18n.t('player.noPeer.nobodyYet');
}

/** "1 signaling server, 3 trackers and 2 web seeds". */
export function askedWords(search: PeerSearch): string {
  const counts = [
    [search.signaling.length, 'signalingServer'],
    [search.trackers.length, 'tracker'],
    [search.webSeeds.length, 'webSeed'],
  ] as const;
  const asked = counts.filter(([count]) => count > 0).map(([count, noun]) => formatCount(count, noun));
  return new Intl.ListFormat(LOCALE).format(asked);
}

export function signalingFact(server: SignalingSnapshot): string {
  switch (server.state) {
    case 'connected':
      return i18n.t('search.knowsNobodyWithFilm');
    case 'idle':
    case 'connecting':
      return i18n.t('search.notAnsweredYet');
    case 'unreachable':
      return server.reason === undefined ? i18n.t('search.cannotBeReached') : noticeWords(server.reason);
  }
}

export function trackerFact(tracker: TrackerSnapshot): string {
  switch (tracker.state) {
    case 'connected':
      return countsFact(tracker);
    case 'connecting':
      return i18n.t('search.notAnsweredYet');
    case 'unreachable':
      return tracker.reason === undefined ? i18n.t('search.cannotBeReached') : noticeWords(tracker.reason);
    case 'refused':
      return i18n.t('search.refused', {
        reason: tracker.reason === undefined ? i18n.t('search.didNotSayWhy') : noticeWords(tracker.reason),
      });
  }
}

/** The asker is one of the leechers itself. */
function countsFact({ seeders, leechers }: TrackerSnapshot): string {
  if (seeders === undefined) return i18n.t('search.saidNothing');
  const others = Math.max(0, (leechers ?? 0) - 1);
  if (seeders === 0 && others === 0) return i18n.t('search.knowsNobody');
  return i18n.t('search.knows', { seeders: formatCount(seeders, 'seeder'), viewers: formatCount(others, 'otherViewer') });
}

export function webSeedFact(seed: WebSeedSnapshot): string {
  switch (seed.state) {
    case 'waiting':
      return seed.reason === undefined ? i18n.t('search.webSeed.waiting') : noticeWords(seed.reason);
    case 'active':
      return i18n.t('search.webSeed.active');
    case 'slow':
      return seed.reason === undefined ? i18n.t('search.webSeed.slow') : noticeWords(seed.reason);
    case 'blocked':
      return seed.reason === undefined ? i18n.t('search.webSeed.blocked') : noticeWords(seed.reason);
    case 'refused':
      return seed.reason === undefined ? i18n.t('search.webSeed.refused') : noticeWords(seed.reason);
    case 'failed':
      return seed.reason === undefined ? i18n.t('search.webSeed.failed') : noticeWords(seed.reason);
  }
}

/** What the button that allows a web seed asks the browser for, and how people know it; undefined for what no permission covers. */
export function webSeedHost(url: string): { readonly host: string; readonly originPattern: string } | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? { host: hostname, originPattern: `${protocol}//${hostname}/*` } : undefined;
}
