import type { EngineMode, SourceName } from '@/src/protocol/engine-api';
import { i18n } from './i18n';

export interface EngineWords {
  readonly name: string;
  readonly summary: string;
  readonly goodAt: readonly string[];
  readonly badAt: readonly string[];
  readonly chooseWhen: readonly string[];
}

/** What is true of each engine wherever it runs; what it did here and now is in engine-figures.ts. No numbers: they differ by machine and line. */
export const ENGINE_WORDS: Readonly<Record<EngineMode, EngineWords>> = {
  hybrid: {
    name: i18n.t('engine.hybrid.name'),
    summary: i18n.t('engine.hybrid.summary'),
    goodAt: [i18n.t('engine.hybrid.good.sources'), i18n.t('engine.hybrid.good.survives'), i18n.t('engine.hybrid.good.once')],
    badAt: [i18n.t('engine.hybrid.bad.address'), i18n.t('engine.hybrid.bad.trackers')],
    chooseWhen: [i18n.t('engine.hybrid.when.default')],
  },
  webrtc: {
    name: i18n.t('engine.webrtc.name'),
    summary: i18n.t('engine.webrtc.summary'),
    goodAt: [
      i18n.t('engine.webrtc.good.start'),
      i18n.t('engine.webrtc.good.distance'),
      i18n.t('engine.webrtc.good.processor'),
      i18n.t('engine.webrtc.good.privacy'),
    ],
    badAt: [i18n.t('engine.webrtc.bad.server'), i18n.t('engine.webrtc.bad.viewers')],
    chooseWhen: [i18n.t('engine.webrtc.when.server'), i18n.t('engine.webrtc.when.privacy')],
  },
  webtorrent: {
    name: i18n.t('engine.webtorrent.name'),
    summary: i18n.t('engine.webtorrent.summary'),
    goodAt: [i18n.t('engine.webtorrent.good.setUp'), i18n.t('engine.webtorrent.good.peers')],
    badAt: [
      i18n.t('engine.webtorrent.bad.start'),
      i18n.t('engine.webtorrent.bad.processor'),
      i18n.t('engine.webtorrent.bad.privacy'),
      i18n.t('engine.webtorrent.bad.trackers'),
    ],
    chooseWhen: [i18n.t('engine.webtorrent.when.noServer'), i18n.t('engine.webtorrent.when.link')],
  },
};

export const SOURCE_WORDS: Readonly<Record<SourceName, string>> = {
  native: i18n.t('source.native'),
  webtorrent: i18n.t('source.webtorrent'),
  'web-seed': i18n.t('source.webSeed'),
};
