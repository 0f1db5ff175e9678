import { setInterval } from 'node:timers/promises';
import type { Frame } from 'puppeteer';
import { timelineOf, untilPlaying, type Picture } from '@/tests/support/stage';
import { say } from './progress';
import { textTable } from './text-table';

export interface Watched {
  readonly picture: Picture;
  /** Milliseconds since the click. */
  readonly timeline: Readonly<Record<string, number>>;
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

/** The player itself says that it will not play. */
export class PlayerRefused extends Error {}

/** Resolves once picture and sound advance; says on the terminal what the player says meanwhile. @throws {PlayerRefused} */
export async function watch(frame: Frame, name: string): Promise<Watched> {
  const done = new AbortController();
  const refused = followPlayer(frame, name, done.signal);
  try {
    const picture = await Promise.race([untilPlaying(frame), refused]);
    return { picture, timeline: await timelineOf(frame) };
  } finally {
    done.abort();
  }
}

/** Never resolves; rejects when the player gives up, so that nobody waits for a picture that will not come. */
function followPlayer(frame: Frame, name: string, until: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const follow = async (): Promise<void> => {
      let shown = '';
      for await (const _tick of setInterval(LOOK_EVERY_MS, undefined, { signal: until })) {
        const player = await frame.$('main.player');
        const [state, headline] = (await player?.evaluate((main) => [
          main.getAttribute('data-view-state') ?? '',
          main.querySelector('output')?.textContent ?? '',
        ])) ?? ['', ''];
        if (headline !== undefined && headline !== '' && headline !== shown) say(`${name}: ${headline}`);
        shown = headline ?? '';
        if (state === 'rejected' || state === 'unplayable' || state === 'refused')
          throw new PlayerRefused(`The player gave up: ${headline}`);
      }
    };
    follow().catch((error: unknown) => {
      if (error instanceof PlayerRefused) reject(error);
    });
  });
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

/** "1,761,952" */
export function formatCount(count: number): string {
  return new Intl.NumberFormat('en').format(count);
}
