import type { WebTorrentStore } from '@/tests/bench/systems';

/** What a page is asked to do, as JSON in the fragment of its address. */
export interface PageRequest {
  readonly store: WebTorrentStore;
  readonly trackerUrl: string;
  readonly iceServers: readonly { readonly urls: string }[];
  /** Undefined: the page shares what it is given by its file input, and says the magnet link. */
  readonly magnet: string | undefined;
  readonly plays: boolean;
}

/** What a page reports besides `ready`, `magnet`, `failure`, `progress` and `completeMs`, as data attributes of its root element: `data-first-piece-ms` and so on, in ms since the click. */
export const PAGE_MOMENTS = ['metadataMs', 'firstPieceMs', 'firstFrameMs'] as const;
export type PageMoment = (typeof PAGE_MOMENTS)[number];

declare global {
  /** A viewer's page answers what it sent to others so far, after the click. */
  var uploadedBytes: () => number;
}
