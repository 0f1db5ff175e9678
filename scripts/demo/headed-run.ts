import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { DemoStage } from './demo-stage';
import { showExchange, type WatchedFilm } from './exchange';
import { followViewer } from './follow-viewer';
import { lastWords } from './local-swarm';
import type { DemoOptions } from './options';
import { say } from './progress';
import { openViewer, type Viewer } from './viewer';

/** Ctrl+C in a terminal reaches the children as well: one that ends because of it does so no earlier than this before us. */
const SAME_KEY_PRESS_MS = 500;

const ONE_VIEWER = `
  Now, in the browser:
    1. On the tab with the welcome page, read what films from other people mean, and click "Agree and start".
    2. Go to the tab "Films" and click one. It plays right there; the line below the picture says what happens.
  Lodestream's icon in the toolbar (under the puzzle piece) shows peers and rates.
  To end the demo, close the browser or press Ctrl+C here.
`;

const TWO_VIEWERS = `
  Now, in both browsers, one after the other:
    1. On the tab with the welcome page, click "Agree and start".
    2. Go to the tab "Films" and click the same film.
  The seeder is slow on purpose: the second viewer gets most of the film from the first. A table here will show it.
  To end the demo, close both browsers or press Ctrl+C here.
`;

/** Opens the windows and lets the person do the rest, until the last one is closed or Ctrl+C. @returns the exit code */
export async function runHeaded(stage: DemoStage, { viewers: count }: DemoOptions): Promise<number> {
  const viewers: Viewer[] = [];
  for (let place = 0; place < count; place++) {
    say('Opening a browser with the extension (some seconds) …');
    viewers.push(await openViewer(stage, { name: count === 1 ? 'Player' : `Viewer ${place + 1}`, headless: false, place }));
  }
  console.log(count === 1 ? ONE_VIEWER : TWO_VIEWERS);

  let exchanged = count === 1;
  const following = async (): Promise<void> => {
    const [first, second] = await Promise.all(viewers.map(followViewer));
    if (first !== undefined && second !== undefined) exchanged = await compare(first, second);
  };
  following().catch(() => {
    if (!stage.teardown.signal.aborted) say('A browser or its tab with the films is closed: no more figures from there.');
  });

  const deadChild = await untilOver(stage, viewers);
  if (deadChild !== undefined) {
    console.error(`\nThe ${deadChild} has ended by itself, so nothing plays any more.\n${lastWords(stage.swarm.children)}`);
    return 1;
  }
  if (!exchanged) console.error('No film went from one viewer to the other.');
  return exchanged ? 0 : 1;
}

async function compare(first: WatchedFilm, second: WatchedFilm): Promise<boolean> {
  if (first.sessionId === second.sessionId) {
    say('Both play. The figures come when both have the whole film …');
    return showExchange(first, second);
  }
  say('The two viewers watch different films, so nothing goes between them. Start again and click the same one.');
  return false;
}

/** Resolves at Ctrl+C or when the last window is closed: to nothing, or to the name of a child that died before. */
async function untilOver({ teardown, swarm }: DemoStage, viewers: readonly Viewer[]): Promise<string | undefined> {
  const closed = Promise.all(viewers.map(({ gone }) => untilAborted(gone)));
  const died = Array.from(swarm.children, async ([name, child]) => {
    await child.exited;
    await setTimeout(SAME_KEY_PRESS_MS);
    return name;
  });
  const name = await Promise.race([untilAborted(teardown.signal), closed, ...died]);
  return typeof name === 'string' && !teardown.signal.aborted ? name : undefined;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
