import type { Bytes } from '@/src/base/bytes';
import type { LinkRepair } from './link-repair';

/**
 * A two-way link to one peer that keeps frames whole: `control` frames arrive in order, `bulk` frames in any order, all of them
 * arrive or the link closes. Assumes nothing of WebRTC: memory links and links to servers fit as well.
 */
export interface PeerLink {
  /** Sends one frame; its buffer is the caller's again on return. A no-op once closed. */
  send(channel: LinkChannel, frame: Bytes): void;
  /** Frame bytes handed to `send` on the bulk channel that have not left yet. */
  readonly bufferedBulkBytes: number;
  /** Closes the link; `onClose` follows once. */
  close(reason: string): void;
  /** Path facts for the viewer, where the medium knows them. */
  path(): Promise<LinkPath>;
  /** Where the medium has paths that can be lost and found again. */
  readonly repair?: LinkRepair;
  /** Frames may arrive from the moment this is set; set once, by the peer that takes the link over. */
  receive(handlers: LinkHandlers): void;
}

export type LinkChannel = 'control' | 'bulk';

export interface LinkHandlers {
  onFrame(channel: LinkChannel, frame: Bytes): void;
  /** The bulk buffer fell below the low-water mark: more may be sent. */
  onDrain(): void;
  onClose(reason: string): void;
}

export interface LinkPath {
  readonly kind: 'host' | 'srflx' | 'prflx' | 'relay' | 'memory' | 'unknown';
  readonly rttMs: number | undefined;
}
