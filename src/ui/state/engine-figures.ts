import type { EngineMode, SessionSnapshot, SourceName, SourceSnapshot } from '@/src/protocol/engine-api';
import { formatBytes, formatCount, formatMilliseconds, formatNumber, formatPortion, formatRate } from './format';
import { i18n } from './i18n';

/** Web seeds belong to WebTorrent: it is its links that name them. */
const SOURCES_OF: Readonly<Record<EngineMode, readonly SourceName[]>> = {
  webrtc: ['native'],
  webtorrent: ['webtorrent', 'web-seed'],
  hybrid: ['native', 'webtorrent', 'web-seed'],
};

const MOMENTS = ['peer', 'metadata', 'first-piece'] as const;
type Moment = (typeof MOMENTS)[number];

const MOMENT_WORDS: Readonly<Record<Moment, string>> = {
  peer: i18n.t('figure.peer'),
  metadata: i18n.t('figure.metadata'),
  'first-piece': i18n.t('figure.firstPiece'),
};

export interface Figure {
  readonly label: string;
  readonly value: string;
}

/**
 * What an engine did in this session, in the same rows for each; undefined while it has never been on. Times count from when its
 * first source was switched on: an engine chosen late is not slow for it.
 */
export function engineFigures(session: SessionSnapshot, mode: EngineMode, stalls: number): readonly Figure[] | undefined {
  const sources = session.sources.filter((source) => SOURCES_OF[mode].includes(source.name) && source.timeline.started !== undefined);
  const startedMs = earliest(sources, 'started');
  if (startedMs === undefined) return undefined;
  const downloadedBytes = sum(sources, (source) => source.totals.downloadedBytes);
  const allBytes = sum(session.sources, (source) => source.totals.downloadedBytes);
  const wastedBytes = sum(sources, (source) => source.totals.wastedBytes);
  return [
    ...MOMENTS.map((moment) => ({ label: MOMENT_WORDS[moment], value: momentWords(earliest(sources, moment), startedMs) })),
    { label: i18n.t('figure.peersNow'), value: peersWords(sources) },
    { label: i18n.t('figure.rateNow'), value: `↓ ${formatRate(sum(sources, (source) => source.rates.downloadBytesPerSecond))}` },
    {
      label: i18n.t('figure.received'),
      value: `${formatBytes(downloadedBytes)} (${formatPortion(allBytes === 0 ? 0 : downloadedBytes / allBytes)})`,
    },
    { label: i18n.t('figure.sent'), value: formatBytes(sum(sources, (source) => source.totals.uploadedBytes)) },
    { label: i18n.t('figure.thrownAway'), value: wastedBytes === 0 ? i18n.t('figure.nothing') : formatBytes(wastedBytes) },
    { label: i18n.t('figure.stalls'), value: formatNumber(stalls) },
  ];
}

export interface SourcePart {
  readonly name: SourceName;
  readonly downloadedBytes: number;
  /** Of all that was downloaded, 0 to 1. */
  readonly share: number;
}

/** Who sent what there is, the sources that sent nothing left out. */
export function sourceSplit(session: SessionSnapshot): readonly SourcePart[] {
  const allBytes = sum(session.sources, (source) => source.totals.downloadedBytes);
  return session.sources
    .filter((source) => source.totals.downloadedBytes > 0)
    .map(({ name, totals }) => ({ name, downloadedBytes: totals.downloadedBytes, share: totals.downloadedBytes / allBytes }));
}

function peersWords(sources: readonly SourceSnapshot[]): string {
  const ofKind = (isWebSeed: boolean) =>
    sum(
      sources.filter((source) => (source.name === 'web-seed') === isWebSeed),
      (source) => source.peers,
    );
  const webSeeds = ofKind(true);
  return [formatCount(ofKind(false), 'peer'), ...(webSeeds === 0 ? [] : [formatCount(webSeeds, 'webSeed')])].join(', ');
}

function momentWords(atMs: number | undefined, startedMs: number): string {
  return atMs === undefined ? i18n.t('figure.notYet') : formatMilliseconds(Math.max(0, atMs - startedMs));
}

function earliest(sources: readonly SourceSnapshot[], moment: Moment | 'started'): number | undefined {
  const times = sources.map((source) => source.timeline[moment]).filter((atMs) => atMs !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function sum(sources: readonly SourceSnapshot[], figure: (source: SourceSnapshot) => number): number {
  return sources.reduce((total, source) => total + figure(source), 0);
}
