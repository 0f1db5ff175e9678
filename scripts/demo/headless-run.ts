import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Frame, Page } from 'puppeteer';
import { agree, clickLink } from '@/tests/support/stage';
import type { DemoStage } from './demo-stage';
import { exchangeOf, exchangeTable } from './exchange';
import { lastWords } from './local-swarm';
import type { DemoOptions } from './options';
import { openPopup, readFigures, untilComplete, type SessionFigures } from './popup-figures';
import { say } from './progress';
import { textTable } from './text-table';
import { openViewer, type Viewer } from './viewer';
import { formatCount, pictureLine, playerWords, timelineTable, watch } from './watching';

/** The whole film through a slow seeder, with room for a slow machine. */
const COMPLETE_TIMEOUT_MS = 120_000;

interface PlayingViewer {
  readonly viewer: Viewer;
  readonly popup: Page;
  readonly sessionId: string;
  readonly screenshot: string;
}

/** Does what a person would do, through the pages a person would use. @returns the exit code: 0 only if it played */
export async function runHeadless(stage: DemoStage, { viewers, screenshotsFolder }: DemoOptions): Promise<number> {
  const folder = resolve(screenshotsFolder);
  await mkdir(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const watchers: PlayingViewer[] = [];
  for (let place = 0; place < viewers; place++) {
    const name = viewers === 1 ? 'Player' : `Viewer ${place + 1}`;
    const suffix = viewers === 1 ? '' : `-viewer-${place + 1}`;
    const watcher = await watchAlone(stage, { name, place, screenshot: join(folder, `lodestream-${stamp}${suffix}.png`) });
    if (watcher === undefined) return 1;
    watchers.push(watcher);
    if (viewers === 2) {
      say(`${name}: waiting for the rest of the film (about 10 s) …`);
      await untilComplete(watcher.popup, watcher.sessionId, COMPLETE_TIMEOUT_MS);
      say(`${name}: has all of it, every piece verified.`);
    }
  }
  const [first, second] = watchers;
  const exchanged = first === undefined || second === undefined || (await showExchange(first, second));
  for (const { screenshot } of watchers) say(`Screenshot: ${screenshot}`);
  return exchanged ? 0 : 1;
}

/** @returns undefined when it did not play; why is on the terminal then */
async function watchAlone(
  stage: DemoStage,
  { name, place, screenshot }: { readonly name: string; readonly place: number; readonly screenshot: string },
): Promise<PlayingViewer | undefined> {
  say(`${name}: opening a browser with the extension (some seconds) …`);
  const viewer = await openViewer(stage, { name, place, headless: true });
  const { launched, page } = viewer;
  await agree(launched);
  say(`${name}: agreed on the welcome page.`);
  const popup = await openPopup(launched);
  const magnet = stage.swarm.films[0]?.magnet ?? '';
  const sessionId = /btih:([0-9a-f]{40})/i.exec(magnet)?.[1]?.toLowerCase() ?? '';
  let frame: Frame | undefined;
  try {
    frame = await clickLink(page, launched.extensionId);
    say(`${name}: clicked the film's magnet link, waiting for the picture (some seconds) …`);
    const watched = await watch(frame, name);
    say(`${name}: ${pictureLine(watched.picture)}`);
    await page.screenshot({ path: screenshot });
    console.log(`\n${timelineTable(watched.timeline)}\n\n${figuresTable(await readFigures(popup, sessionId))}\n`);
    return { viewer, popup, sessionId, screenshot };
  } catch (error) {
    if (stage.teardown.signal.aborted) throw error;
    console.error(`\nThe film did not play: ${error instanceof Error ? error.message : String(error)}`);
    if (frame !== undefined) console.error(`The player says: ${await playerWords(frame).catch(() => '(nothing: it is gone)')}`);
    console.error(lastWords(stage.swarm.children));
    await page.screenshot({ path: screenshot }).then(
      () => console.error(`Screenshot: ${screenshot}`),
      () => console.error('No screenshot could be taken.'),
    );
    return undefined;
  }
}

function figuresTable({ peers, downloadedBytes, verifiedBytes, lengthBytes }: SessionFigures): string {
  return textTable([
    ['peers', formatCount(peers.length)],
    ['bytes downloaded', formatCount(downloadedBytes)],
    ['bytes verified', `${formatCount(verifiedBytes)} of ${formatCount(lengthBytes)}`],
  ]);
}

async function showExchange(first: PlayingViewer, second: PlayingViewer): Promise<boolean> {
  const [own, other] = await Promise.all([first, second].map(({ popup, sessionId }) => readFigures(popup, sessionId)));
  if (own === undefined || other === undefined) return false;
  const exchanges = [
    [first.viewer.name, exchangeOf(own, other)],
    [second.viewer.name, exchangeOf(other, own)],
  ] as const;
  console.log(`\n${exchangeTable(exchanges)}\n`);
  const exchanged = exchanges.some(([, { fromOtherViewerBytes }]) => fromOtherViewerBytes > 0);
  if (!exchanged) console.error('Both played, but no bytes went between the two viewers.');
  return exchanged;
}
