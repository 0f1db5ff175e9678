import type { Frame, Page } from 'puppeteer';
import { onTestFinished } from 'vitest';
import { filmPath } from './films';
import { clickLink, openBrowser, serveLinkPage, startSeeder, startSignaling, type Signaling } from './stage';

/** A film on a page of its own, its seeder, and a browser in which its link was clicked; all end with the test. @param seeding options of the seeder */
export async function openFilm(
  name: string,
  seeding: readonly string[] = [],
): Promise<{
  readonly launched: Awaited<ReturnType<typeof openBrowser>>;
  readonly signaling: Signaling;
  readonly page: Page;
  readonly frame: Frame;
}> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const seeder = await startSeeder(filmPath(name), signaling.url, seeding);
  onTestFinished(() => seeder.child.stop());
  const launched = await openBrowser([signaling.url]);
  onTestFinished(() => launched.close());
  const site = await serveLinkPage(seeder.magnet);
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  return { launched, signaling, page, frame: await clickLink(page, launched.extensionId) };
}
