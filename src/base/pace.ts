/** What whoever moves bytes asks first. */
export interface Pace {
  /** Infinity when everything may go at once. */
  readonly bytesPerSecond: number;
  /** Resolves when these bytes may go; callers are served in the order they came. */
  take(bytes: number): Promise<void>;
}

/** Of both directions. */
export interface Paces {
  readonly upload: Pace;
  readonly download: Pace;
}

export const UNPACED: Pace = { bytesPerSecond: Number.POSITIVE_INFINITY, take: () => Promise.resolve() };
