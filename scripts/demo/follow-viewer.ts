import type { Frame, Page } from 'puppeteer';
import { playerFrame } from '@/tests/support/stage';
import type { WatchedFilm } from './exchange';
import { figuresTable, readFigures } from './popup-figures';
import { say } from './progress';
import type { Viewer } from './viewer';
import { pictureLine, PlayerRefused, timelineTable, watch, type Watched } from './watching';

/** Tells the person at the terminal how their first film started. Rejects when the browser is closed before one plays. */
export async function followViewer(viewer: Viewer): Promise<WatchedFilm> {
  const { name, launched } = viewer;
  const { picture, timeline, sessionId } = await untilWatched(viewer);
  say(`${name}: ${pictureLine(picture)}`);
  console.log(`\n${timelineTable(timeline)}\n\n${figuresTable(await readFigures(launched, sessionId))}\n`);
  return { viewer, sessionId };
}

/** A person takes their time, may close the player, and may try a link that does not play. */
async function untilWatched({ name, launched, page, gone }: Viewer): Promise<Watched> {
  for (;;) {
    gone.throwIfAborted();
    const frame = await playerFrame(page, launched.extensionId);
    try {
      return await watch(frame, name);
    } catch (error) {
      if (!(error instanceof PlayerRefused)) continue;
      say(`${name}: this one does not play. Close it (Esc) and click another.`);
      await untilDetached(page, frame);
    }
  }
}

function untilDetached(page: Page, frame: Frame): Promise<void> {
  return new Promise((resolve) => {
    if (frame.detached) resolve();
    page.on('framedetached', (detached) => {
      if (detached === frame) resolve();
    });
    page.once('close', () => resolve());
  });
}
