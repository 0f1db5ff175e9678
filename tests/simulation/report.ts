import type { HostKind } from './host';
import type { ViewerRecord } from './viewer';

export interface SimulationReport {
  readonly peers: number;
  readonly seed: number;
  /** Of all bytes of blocks that viewers received, those that other viewers sent (liars not counted among them). */
  readonly peerShare: number;
  /** From the click to the picture, of those who waited for it; who gave up counts as the longest. */
  readonly startMedianS: number;
  readonly startP95S: number;
  readonly stallsPerViewerHour: number;
  /** Of all bytes of blocks: thrown away, because they had come already or belonged to a piece that did not verify. */
  readonly duplicateShare: number;
  /** Messages between a viewer and the server, both ways, answers included. */
  readonly signalingMessagesPerPeer: number;
  /** Viewers who gave up before there was a picture. */
  readonly gaveUpShare: number;
  /** Of all time from the first picture on. */
  readonly stalledShare: number;
  /** Of all bytes of blocks, those that liars sent. */
  readonly liarShare: number;
  readonly sentBytes: Readonly<Record<HostKind, number>>;
  readonly virtualS: number;
}

export interface SimulationFacts {
  readonly seed: number;
  readonly records: readonly ViewerRecord[];
  /** Bytes of blocks that arrived at viewers, by who sent them. */
  readonly sentBytes: Readonly<Record<HostKind, number>>;
  readonly signalingMessages: number;
  readonly virtualMs: number;
}

export function makeReport({ seed, records, sentBytes, signalingMessages, virtualMs }: SimulationFacts): SimulationReport {
  const viewers = records.filter(({ person }) => person.host.kind !== 'liar');
  const starts = viewers.map(({ startMs }) => (startMs ?? Number.POSITIVE_INFINITY) / 1000).sort((left, right) => left - right);
  const total = sum(Object.values(sentBytes));
  const playedMs = sum(viewers.map((viewer) => viewer.playedMs));
  const stalledMs = sum(viewers.map((viewer) => viewer.stalledMs));
  const downloadedBytes = sum(viewers.map(({ session }) => session?.totals.downloadedBytes ?? 0));
  const wastedBytes = sum(viewers.map(({ session }) => session?.totals.wastedBytes ?? 0));
  const report = {
    peers: records.length,
    seed,
    peerShare: share(sentBytes.viewer + sentBytes['free-rider'], total),
    startMedianS: quantile(starts, 0.5),
    startP95S: quantile(starts, 0.95),
    stallsPerViewerHour: share(sum(viewers.map(({ stalls }) => stalls)), (playedMs + stalledMs) / 3_600_000),
    duplicateShare: share(wastedBytes, downloadedBytes),
    signalingMessagesPerPeer: signalingMessages / records.length,
    gaveUpShare: share(viewers.filter(({ startMs }) => startMs === undefined).length, viewers.length),
    stalledShare: share(stalledMs, playedMs + stalledMs),
    liarShare: share(sentBytes.liar, total),
  };
  const rounded = Object.entries(report).map(([name, value]) => [name, Math.round(value * 10_000) / 10_000]);
  return { ...(Object.fromEntries(rounded) as typeof report), sentBytes, virtualS: Math.round(virtualMs / 1000) };
}

/** @param sorted in ascending order */
function quantile(sorted: readonly number[], part: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return value === undefined || !Number.isFinite(value) ? 60 : value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
