import type { Browser, Frame, Page } from 'puppeteer';
import { onTestFinished } from 'vitest';
import { filmPath } from './films';
import type { LaunchedBrowser } from './launch-browser';
import type { Site } from './static-site';
import { clickLink, openBrowser, serveLinkPage, startSeeder, startSignaling, type Signaling } from './stage';

export interface OpenedLink {
  readonly launched: LaunchedBrowser;
  readonly page: Page;
  readonly frame: Frame;
}

/** A film of the fixtures on a page of its own, its seeder, and a browser in which its link was clicked. @param seeding options of the seeder */
export function openFilm(name: string, seeding: readonly string[] = []): Promise<OpenedLink & { readonly signaling: Signaling }> {
  return openFiles(filmPath(name), seeding);
}

/** The same of any file or folder. */
export async function openFiles(path: string, seeding: readonly string[] = []): Promise<OpenedLink & { readonly signaling: Signaling }> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const seeder = await startSeeder(path, signaling.url, seeding);
  onTestFinished(() => seeder.child.stop());
  return { signaling, ...(await openLink(seeder.magnet, signaling)) };
}

/** A film of the fixtures, shared by a seeder, and a site with its link; all of them end with the test. */
export async function serveFilm(name: string): Promise<{ readonly signaling: Signaling; readonly site: Site }> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const seeder = await startSeeder(filmPath(name), signaling.url);
  onTestFinished(() => seeder.child.stop());
  const site = await serveLinkPage(seeder.magnet);
  onTestFinished(() => site.close());
  return { signaling, site };
}

/** A browser of a new viewer, in which a page's magnet link was clicked; it and the page end with the test. */
export async function openLink(magnet: string, signaling: Signaling): Promise<OpenedLink> {
  const launched = await openBrowser([signaling.url]);
  onTestFinished(() => launched.close());
  return openLinkIn(launched, magnet);
}

/** A page whose magnet link was clicked, in a browser that is there already; its site ends with the test. */
export async function openLinkIn(launched: LaunchedBrowser, magnet: string): Promise<OpenedLink> {
  const page = await openLinkPage(launched.browser, magnet);
  return { launched, page, frame: await clickLink(page, launched.extensionId) };
}

/** A page with a magnet link that nobody has clicked; its site ends with the test. @param browser or a context of it */
export async function openLinkPage(browser: Pick<Browser, 'newPage'>, magnet: string): Promise<Page> {
  const site = await serveLinkPage(magnet);
  onTestFinished(() => site.close());
  const page = await browser.newPage();
  await page.goto(site.origin);
  return page;
}
