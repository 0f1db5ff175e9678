import type { Frame, Page } from 'puppeteer';

/** What the player says below the film of a press that does not count. */
export const REFUSED = '.unseen-press:not([hidden])';

/** Lays something of the page over the player that lets clicks through: in the top layer, later than ours. @param style its CSS */
export async function cover(page: Page, style: string): Promise<void> {
  await page.evaluate((css) => {
    const bait = document.createElement('div');
    bait.id = 'bait';
    bait.popover = 'manual';
    bait.style.cssText = `position: fixed; margin: 0; border: 0; padding: 0; pointer-events: none; ${css}`;
    document.body.append(bait);
    bait.showPopover();
  }, style);
}

export function uncover(page: Page): Promise<void> {
  return page.evaluate(() => document.querySelector('#bait')?.remove());
}

/** A click of the mouse where something of the player is, wherever that leads. */
export async function clickAt(frame: Frame, selector: string): Promise<void> {
  const button = await frame.waitForSelector(selector);
  const box = await button?.boundingBox();
  if (box === null || box === undefined) throw new Error(`${selector} is nowhere`);
  await frame.page().mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** Resolves once nothing of the page lies over the player, and the page does nothing else to it: what the viewer sees is the player's own. */
export function untilSeen(frame: Frame): Promise<void> {
  return untilSight(frame, true);
}

/** Resolves once something of the page lies over the player. */
export function untilCovered(frame: Frame): Promise<void> {
  return untilSight(frame, false);
}

/** Its last line stands for the player: what lies over any part of the frame counts for all of it. */
async function untilSight(frame: Frame, wanted: boolean): Promise<void> {
  await frame.waitForSelector('.bar');
  await frame.evaluate(
    (isSeen) =>
      new Promise<void>((resolve) => {
        const look = new IntersectionObserver(
          (entries: readonly (IntersectionObserverEntry & { readonly isVisible?: boolean })[]) => {
            const last = entries.at(-1);
            if ((last?.isVisible === true && last.intersectionRatio > 0.95) !== isSeen) return;
            look.disconnect();
            resolve();
          },
          { trackVisibility: true, delay: 100, threshold: [0, 0.95] } as IntersectionObserverInit,
        );
        look.observe(document.querySelector('.bar') as Element);
      }),
    wanted,
  );
}
