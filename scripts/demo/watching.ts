import { setInterval } from 'node:timers/promises';
import type { Frame } from 'puppeteer';
import { timelineOf, untilPlaying, type Picture } from '@/tests/support/stage';
import { say } from './progress';
import { formatCount, textTable } from './text-table';

export interface Watched {
  readonly picture: Picture;
  /** Milliseconds since the click. */
  readonly timeline: Readonly<Record<string, number>>;
  /** The film's info hash in hex. */
  readonly sessionId: string;
}

const TIMELINE_WORDS: readonly (readonly [event: string, words: string])[] = [
  ['overlay', 'overlay'],
  ['signaling', 'signaling'],
  ['peer', 'peer'],
  ['metadata', 'metadata'],
  ['first-piece', 'first verified piece'],
  ['first-frame', 'first frame'],
];

/** How often the player's state line is read to tell the person at the terminal. */
const LOOK_EVERY_MS = 250;

const GIVEN_UP: ReadonlySet<string> = new Set(['refused', 'rejected', 'unplayable']);

/** The player itself says that it will not play. */
export class PlayerRefused extends Error {}

/** Resolves once picture and sound advance; says on the terminal what the player says meanwhile. @throws {PlayerRefused} */
export async function watch(frame: Frame, name: string): Promise<Watched> {
  const done = new AbortController();
  try {
    const picture = await Promise.race([untilPlaying(frame), untilRefused(frame, name, done.signal)]);
    return { picture, timeline: await timelineOf(frame), sessionId: await sessionIdOf(frame) };
  } finally {
    done.abort();
  }
}

/** Rejects when the player gives up, so that nobody waits for a picture that will not come. */
async function untilRefused(frame: Frame, name: string, until: AbortSignal): Promise<never> {
  let shown = '';
  for await (const _tick of setInterval(LOOK_EVERY_MS, undefined, { signal: until })) {
    // Between two documents there is nothing to look at.
    const { state, headline } = await look(frame).catch(() => ({ state: '', headline: '' }));
    if (headline !== '' && headline !== shown) say(`${name}: ${headline}`);
    shown = headline;
    if (GIVEN_UP.has(state)) throw new PlayerRefused(headline);
  }
  throw new PlayerRefused('nobody looked');
}

function look(frame: Frame): Promise<{ readonly state: string; readonly headline: string }> {
  return frame.$eval('main.player', (main) => ({
    state: main.getAttribute('data-view-state') ?? '',
    headline: main.querySelector('output')?.textContent ?? '',
  }));
}

/** The player streams from `/stream/<session>/<file>`. */
async function sessionIdOf(frame: Frame): Promise<string> {
  const source = await frame.$eval('video', (video) => video.getAttribute('src') ?? '');
  return source.split('/')[2] ?? '';
}

/** Everything the player shows now, on one line; for a person who wants to know why it does not play. */
export async function playerWords(frame: Frame): Promise<string> {
  const text = await frame.$eval('main', (main) => main.innerText);
  return text.replaceAll(/\s*\n\s*/g, ' · ');
}

export function timelineTable(timeline: Watched['timeline']): string {
  return textTable([
    ['Start-up', 'ms since the click'],
    ...TIMELINE_WORDS.map(([event, words]) => [words, timeline[event] === undefined ? 'not needed' : String(timeline[event])]),
  ]);
}

export function pictureLine({ currentTime, frames, widthPixels, audioBytes }: Picture): string {
  return `It plays: ${frames} pictures, ${widthPixels} pixels wide, ${currentTime.toFixed(1)} s into the film; ${formatCount(audioBytes)} bytes of sound decoded.`;
}
