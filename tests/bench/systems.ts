import type { EngineMode } from '@/src/protocol/engine-api';

export const SYSTEM_NAMES = ['native', 'webtorrent-mode', 'hybrid', 'webtorrent-opfs', 'webtorrent-memory'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

export type SystemKind =
  /** The built extension, with this mode as its default. */
  | { readonly kind: 'extension'; readonly mode: EngineMode }
  /** A plain WebTorrent page that streams through its service worker. */
  | { readonly kind: 'webtorrent-page'; readonly store: WebTorrentStore };

/** `opfs` is what the library takes by itself in a browser. */
export type WebTorrentStore = 'opfs' | 'memory';

export const SYSTEMS: Record<SystemName, SystemKind> = {
  native: { kind: 'extension', mode: 'webrtc' },
  'webtorrent-mode': { kind: 'extension', mode: 'webtorrent' },
  hybrid: { kind: 'extension', mode: 'hybrid' },
  'webtorrent-opfs': { kind: 'webtorrent-page', store: 'opfs' },
  'webtorrent-memory': { kind: 'webtorrent-page', store: 'memory' },
};

/** What others are compared with: the plain pages where they were measured, else whatever came first. */
export function baselines(measured: readonly SystemName[]): readonly SystemName[] {
  const plain = measured.filter((name) => SYSTEMS[name].kind === 'webtorrent-page');
  return plain.length > 0 ? plain : measured.slice(0, 1);
}
