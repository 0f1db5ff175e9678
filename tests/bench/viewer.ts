import type { Browser } from 'puppeteer';
import type { Sample } from './metrics';
import type { Swarm } from './surroundings';

/** A viewer's browser with a page open that has the film on it, not yet clicked. */
export interface Viewer {
  readonly browser: Browser;
  click(): Promise<void>;
  /** Resolves once the whole film is here, with the time since the click, in ms. */
  untilComplete(): Promise<number>;
  /** What there has been so far, in ms since the click. */
  moments(): Promise<Moments>;
  /** Goes to this share of the film once it has played for a second; resolves with the ms until its picture is shown. Only in a scenario that plays. */
  seek(share: number): Promise<number>;
  /** Bytes of the film sent to others so far. */
  uploadedBytes(): Promise<number>;
  /** Plays the film's end; rejects if it does not play. Only after a scenario that plays. */
  playEnd(): Promise<void>;
  close(): Promise<void>;
}

/** How long the mouse button is held, as quick people do: an extension can use it, a plain page has everything ready before. Time counts from the release. */
export const PRESS_MS = 80;

/** For films so large that lines play no part. */
const SLOWEST_BYTES_PER_MS = 2000;
const MIN_RUN_LIMIT_MS = 200_000;

/** Several times what the slowest system takes in any scenario. A run that is not through by then has failed, and says how far it came. */
export function runLimitMs(filmBytes: number): number {
  return Math.max(MIN_RUN_LIMIT_MS, filmBytes / SLOWEST_BYTES_PER_MS);
}

export type Moments = Pick<Sample, 'overlayMs' | 'metadataMs' | 'firstPieceMs' | 'firstFrameMs'>;

/** One system in one scenario, its seeders running. */
export interface RunningSystem {
  readonly seederPids: readonly number[];
  /** Those its seeders are in, and whose lines it uses. */
  readonly swarms: readonly Swarm[];
  openViewer(): Promise<Viewer>;
  close(): Promise<void>;
}

/** Runs inside a page: jumps close to the end and plays it out. */
export async function playLastSeconds(): Promise<void> {
  const video = document.querySelector('video');
  if (video === null) throw new Error('The page has no video.');
  const ended = new Promise((resolve, reject) => {
    video.addEventListener('ended', resolve);
    video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'The film does not play.')));
  });
  video.currentTime = video.duration - 1;
  await video.play();
  await ended;
}
