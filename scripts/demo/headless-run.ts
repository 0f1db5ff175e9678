import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Frame } from 'puppeteer';
import { agree, clickLink } from '@/tests/support/stage';
import type { DemoStage } from './demo-stage';
import { showExchange, type WatchedFilm } from './exchange';
import { lastWords } from './local-swarm';
import type { DemoOptions } from './options';
import { figuresTable, readFigures } from './popup-figures';
import { say } from './progress';
import { openViewer, type Viewer } from './viewer';
import { pictureLine, playerWords, timelineTable, watch } from './watching';

/** Does what a person would do, through the pages a person would use. @returns the exit code: 0 only if it played */
export async function runHeadless(stage: DemoStage, { viewers: count, screenshotsFolder }: DemoOptions): Promise<number> {
  const folder = resolve(screenshotsFolder);
  await mkdir(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const films: WatchedFilm[] = [];
  for (let place = 0; place < count; place++) {
    const name = count === 1 ? 'Player' : `Viewer ${place + 1}`;
    say(`${name}: opening a browser with the extension (some seconds) …`);
    const viewer = await openViewer(stage, { name, place, headless: true });
    await agree(viewer.launched);
    say(`${name}: agreed on the welcome page.`);
    const film = await watchAlone(stage, viewer, join(folder, `lodestream-${stamp}${count === 1 ? '' : `-viewer-${place + 1}`}.png`));
    if (film === undefined) return 1;
    films.push(film);
    if (count === 2) {
      say(`${name}: waiting for the rest of the film (about 5 s) …`);
      await readFigures(viewer.launched, film.sessionId, { complete: true });
      say(`${name}: has all of it, every piece verified.`);
    }
  }
  const [first, second] = films;
  if (first === undefined || second === undefined || (await showExchange(first, second))) return 0;
  console.error('Both played, but no bytes went between the two viewers.');
  return 1;
}

/** @returns undefined when it did not play; why is on the terminal then */
async function watchAlone(stage: DemoStage, viewer: Viewer, screenshot: string): Promise<WatchedFilm | undefined> {
  const { name, launched, page } = viewer;
  let frame: Frame | undefined;
  try {
    frame = await clickLink(page, launched.extensionId);
    say(`${name}: clicked the film's magnet link, waiting for the picture (some seconds) …`);
    const { picture, timeline, sessionId } = await watch(frame, name);
    say(`${name}: ${pictureLine(picture)}`);
    await page.screenshot({ path: screenshot });
    say(`${name}: screenshot: ${screenshot}`);
    console.log(`\n${timelineTable(timeline)}\n\n${figuresTable(await readFigures(launched, sessionId))}\n`);
    return { viewer, sessionId };
  } catch (error) {
    if (stage.teardown.signal.aborted) throw error;
    console.error(`\nThe film did not play: ${error instanceof Error ? error.message : String(error)}`);
    if (frame !== undefined) console.error(`The player says: ${await playerWords(frame).catch(() => 'nothing, it is gone.')}`);
    console.error(lastWords(stage.swarm.children));
    await page.screenshot({ path: screenshot }).then(
      () => console.error(`Screenshot: ${screenshot}`),
      () => console.error('No screenshot could be taken.'),
    );
    return undefined;
  }
}
