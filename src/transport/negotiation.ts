import type { Clock } from '@/src/base/clock';
import type { PeerLink } from './peer-link';

/** SPEC G5. */
export const MAX_SDP_CHARS = 64 * 1024;

export interface NegotiationOptions {
  readonly clock: Clock;
  /** Whether host candidates may be sent and tried (SPEC G6, G7). */
  readonly allowHost: boolean;
  onLink(link: PeerLink): void;
  onFailed(reason: string): void;
  /** A batch of candidates, as text to seal. Held back until `sendCandidates` is called. */
  onCandidates(batch: string): void;
}

/**
 * How one link comes about: what is sent and received until both ends have it. Descriptions and candidates are text; whoever holds the
 * negotiation carries them. Calls onLink or onFailed, once.
 */
export interface Negotiation {
  readonly isPending: boolean;
  /** The offer's text, the same each time. Gathering starts with `startGathering`, once somebody will get it. */
  createOffer(): Promise<string>;
  startGathering(): Promise<void>;
  /** @returns the answer's text */
  acceptOffer(description: string): Promise<string>;
  acceptAnswer(description: string): Promise<void>;
  /** From now on batches go out: the addressee is known. */
  sendCandidates(): void;
  acceptCandidates(batch: string): Promise<void>;
  /** Ends it while it is pending; a link that was handed over is untouched. */
  fail(reason: string): void;
}
