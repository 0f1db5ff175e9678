/** What a run measures, in the order of the table. All are as a viewer's browser and its seeder's saw them together. */
export const METRICS = [
  'overlayMs',
  'metadataMs',
  'firstPieceMs',
  'firstFrameMs',
  'seekMs',
  'rateMBps',
  'fastestRateMBps',
  'leecherShare',
  'lineShare',
  'tcpMBps',
  'queueMs',
  'cpuSecondsPerGB',
  'pssMB',
  'heapMB',
  'otherCores',
] as const;
export type Metric = (typeof METRICS)[number];

/** One run; what a system does not have (a plain page has no overlay) is left out. */
export type Sample = Readonly<Partial<Record<Metric, number>>>;

export const METRIC_WORDS: Record<Metric, string> = {
  overlayMs: 'click → player open, ms',
  metadataMs: 'click → metadata, ms',
  firstPieceMs: 'click → first piece verified, ms',
  firstFrameMs: 'click → first frame, ms',
  seekMs: 'seek → picture there, ms',
  rateMBps: 'film size ÷ (click → last piece verified), MB/s',
  fastestRateMBps: 'the same of the fastest leecher, MB/s',
  leecherShare: 'share of all bytes that leechers sent each other',
  lineShare: "the film's share of what it and the TCP download beside it got",
  tcpMBps: 'the TCP download beside it, MB/s',
  queueMs: 'round trip while the film comes, less that of the idle line, ms',
  cpuSecondsPerGB: 'CPU of all browsers, s/GB',
  pssMB: "viewer's peak memory (PSS) above an idle browser, MB",
  heapMB: "viewer's JavaScript heap at the end, MB",
  otherCores: 'cores that everything else used meanwhile',
};
