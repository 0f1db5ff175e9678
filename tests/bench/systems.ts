import type { EngineMode } from '@/src/protocol/engine-api';
import type { Scenario } from './scenarios';

export const SYSTEM_NAMES = ['native', 'webtorrent-mode', 'hybrid', 'webtorrent-opfs', 'webtorrent-memory', 'raw', 'raw-4'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

export type SystemKind =
  /** The built extension, with this mode as its default. */
  | { readonly kind: 'extension'; readonly mode: EngineMode }
  /** A plain WebTorrent page that streams through its service worker. */
  | { readonly kind: 'webtorrent-page'; readonly store: WebTorrentStore }
  /** Two pages with nothing but data channels between them, one for each connection; they play nothing and know no swarms. */
  | { readonly kind: 'raw-channels'; readonly connections: number };

/** `opfs` is what the library takes by itself in a browser. */
export type WebTorrentStore = 'opfs' | 'memory';

export const SYSTEMS: Record<SystemName, SystemKind> = {
  native: { kind: 'extension', mode: 'webrtc' },
  'webtorrent-mode': { kind: 'extension', mode: 'webtorrent' },
  hybrid: { kind: 'extension', mode: 'hybrid' },
  'webtorrent-opfs': { kind: 'webtorrent-page', store: 'opfs' },
  'webtorrent-memory': { kind: 'webtorrent-page', store: 'memory' },
  // As many as native has on a fast line, and at most over a long way.
  raw: { kind: 'raw-channels', connections: 1 },
  'raw-4': { kind: 'raw-channels', connections: 4 },
};

/** Those that can do what a scenario asks. */
export function ableTo({ plays, leechers }: Scenario, systems: readonly SystemName[]): readonly SystemName[] {
  return systems.filter((name) => (!plays && leechers === 1) || SYSTEMS[name].kind !== 'raw-channels');
}

/** What others are compared with: plain pages and bare channels where they were measured, else whatever came first. */
export function baselines(measured: readonly SystemName[]): readonly SystemName[] {
  const plain = measured.filter((name) => SYSTEMS[name].kind !== 'extension');
  return plain.length > 0 ? plain : measured.slice(0, 1);
}
