/** What tells of a link's path, and finds it another one without a new link (an ICE restart). */
export interface LinkRepair {
  /** Who offered the link offers restarts, too. */
  readonly isOfferer: boolean;
  readonly state: PathState;
  /** Set once: from then on a path that fails is told, instead of closing the link. */
  watch(onState: () => void): void;
  /** @returns the text of an offer. @throws where the medium cannot restart */
  offer(onCandidates: (batch: string) => void): Promise<string>;
  /** @returns the text of the answer. @throws when the offer is none of this very link, or the medium cannot restart */
  acceptOffer(description: string, onCandidates: (batch: string) => void): Promise<string>;
  acceptAnswer(description: string): Promise<void>;
  /** Of the last exchange. From now on batches go out: the description they belong to is on its way. */
  sendCandidates(): void;
  /** False: malformed, or too many. */
  acceptCandidates(batch: string): Promise<boolean>;
}

export type PathState = 'connected' | 'disconnected' | 'failed';
