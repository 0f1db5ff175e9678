import type { PeerSnapshot, SessionSnapshot, Totals } from '@/src/protocol/engine-api';

/** Where and with what it was measured. */
export interface ReportSurroundings {
  readonly nowMs: number;
  readonly version: string;
  /** Of the browser, as it names itself. */
  readonly userAgent: string;
}

/** Changes whenever a field changes its meaning or goes. */
export const STATISTICS_SCHEMA = 1;

/**
 * What a session has measured, for a bug report or a table: numbers, states and times, units in the names. It names neither the film nor
 * any host: no magnet link, no info hash, no title, no address, and peers by numbers.
 */
export function statisticsReport(session: SessionSnapshot, { nowMs, version, userAgent }: ReportSurroundings): object {
  const { state, timeline, files, sources, trackers, webSeeds, signaling, peers } = session;
  return {
    schema: STATISTICS_SCHEMA,
    lodestream: version,
    browser: userAgent.slice(0, 300),
    takenAt: instant(nowMs),
    state: state.kind,
    mode: session.mode,
    timeline: Object.fromEntries(Object.entries(timeline).map(([event, atMs]) => [event, instant(atMs)])),
    files: (files ?? []).map(({ kind, lengthBytes, verifiedBytes, selected }) => ({ kind, lengthBytes, verifiedBytes, selected })),
    aheadBytes: session.aheadBytes ?? null,
    bufferedS: session.bufferedS ?? null,
    waitingBytes: session.waitingBytes,
    stalls: session.stalls,
    stalledMs: Math.round(session.stalledMs),
    rates: session.rates,
    rateLimits: session.rateLimits,
    totals: totals(session.totals),
    sources: sources.map((source) => ({
      name: source.name,
      state: source.state,
      peers: source.peers,
      timeline: Object.fromEntries(Object.entries(source.timeline).map(([event, atMs]) => [event, instant(atMs)])),
      rates: source.rates,
      totals: totals(source.totals),
    })),
    signalingServers: signaling.map(({ state: ofServer }) => ({ state: ofServer })),
    trackers: trackers.map(({ state: ofTracker, seeders, leechers }) => ({
      state: ofTracker,
      seeders: seeders ?? null,
      leechers: leechers ?? null,
    })),
    webSeeds: webSeeds.map((seed) => ({ state: seed.state, totals: totals(seed.totals) })),
    peers: peers.map(peerReport),
  };
}

/** A name for the file, whatever the film is called. */
export function statisticsFileName(nowMs: number): string {
  return `lodestream-statistics-${instant(nowMs).replaceAll(':', '-')}.json`;
}

function peerReport(peer: PeerSnapshot, index: number): object {
  const { source, state, path, rttMs, availability, strikes, rates, link } = peer;
  return {
    peer: index + 1,
    source,
    state,
    path,
    rttMs: rttMs === undefined ? null : Math.round(rttMs),
    availability,
    rates,
    totals: totals(peer.totals),
    strikes,
    link: link ?? null,
  };
}

function totals({ downloadedBytes, uploadedBytes, wastedBytes, corruptBytes }: Totals): object {
  return { downloadedBytes, uploadedBytes, duplicateBytes: wastedBytes - corruptBytes, corruptBytes };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
