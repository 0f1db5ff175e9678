import type { ElementHandle } from 'puppeteer';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { serveSite, type Site } from '@/tests/support/static-site';
import { answerRequests } from './answer-requests';
import { BENCH_LAUNCH, browserPid } from './browser-process';
import type { BuiltPage } from './build-page';
import type { BenchFilm } from './film';
import { reported } from './page-reports';
import { seekFilm } from './seek-film';
import type { Surroundings } from './surroundings';
import type { WebTorrentStore } from './systems';
import { playLastSeconds, PRESS_MS, runLimitMs, type RunningSystem, type Viewer } from './viewer';
import { openPage } from './webtorrent-page/open-page';
import { PAGE_MOMENTS, type PageMoment, type PageRequest } from './webtorrent-page/page-request';

export interface PageParts {
  readonly store: WebTorrentStore;
  readonly pages: BuiltPage;
}

/** A plain WebTorrent page on both sides. */
export async function openPageSystem({ store, pages }: PageParts, around: Surroundings): Promise<RunningSystem> {
  const site = await serveSite(pages);
  const request: PageRequest = {
    store,
    trackerUrl: around.viewer.trackerUrl,
    iceServers: around.iceServers,
    magnet: undefined,
    plays: around.scenario.plays,
  };
  const first = await openSeeder(site, request, { around, pages });
  const seeders = [first];
  while (seeders.length < around.scenario.seeders) seeders.push(await openSeeder(site, request, { around, pages }));
  return {
    swarms: ['webtorrent'],
    seederPids: seeders.map(({ launched }) => browserPid(launched.browser)),
    openViewer: () => openViewer(site.origin, { ...request, magnet: first.magnet }, around.film),
    async close() {
      for (const { launched } of seeders) await launched.close();
      await site.close();
    },
  };
}

interface SeederParts extends Pick<PageParts, 'pages'> {
  readonly around: Surroundings;
}

interface Seeder {
  readonly launched: LaunchedBrowser;
  readonly magnet: string;
}

async function openSeeder(site: Site, request: PageRequest, { around, pages }: SeederParts): Promise<Seeder> {
  const { launch, trackerUrl } = around.seeder.webtorrent;
  const launched = await launchBrowser({ extension: false, ...BENCH_LAUNCH, ...launch });
  const page = await launched.browser.newPage();
  // Behind a line no server of this machine is at 127.0.0.1, and elsewhere the page would not be a secure context.
  // (A page from nowhere is not let at a tracker on this machine, so without a line it comes from the site.)
  const behindLine = around.scenario.line !== undefined;
  if (behindLine) await answerRequests(page, (url) => pages[new URL(url).pathname]);
  await openPage(page, behindLine ? 'http://127.0.0.1' : site.origin, { ...request, trackerUrl });
  const input = (await page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(around.film.path);
  return { launched, magnet: withTracker(await reported(page, 'magnet', runLimitMs(around.film.lengthBytes)), request.trackerUrl) };
}

/** The seeder knows the tracker by its own side's address. */
function withTracker(magnet: string, trackerUrl: string): string {
  const [hash = ''] = /xt=urn:btih:[0-9a-f]{40}/.exec(magnet) ?? [];
  return `magnet:?${hash}&tr=${encodeURIComponent(trackerUrl)}`;
}

async function openViewer(origin: string, request: PageRequest, { lengthBytes }: BenchFilm): Promise<Viewer> {
  const launched = await launchBrowser({ extension: false, ...BENCH_LAUNCH });
  const page = await launched.browser.newPage();
  await openPage(page, origin, request);
  return {
    browser: launched.browser,
    click: () => page.locator('#film').click({ delay: PRESS_MS }),
    async untilComplete() {
      return Number(await reported(page, 'completeMs', runLimitMs(lengthBytes)));
    },
    async moments() {
      const moments: Partial<Record<PageMoment, number>> = {};
      for (const moment of PAGE_MOMENTS) {
        const ms = await page.$eval('html', (root, name) => root.dataset[name], moment);
        if (ms !== undefined) moments[moment] = Number(ms);
      }
      return moments;
    },
    seek: (share) => page.evaluate(seekFilm, share),
    uploadedBytes: () => page.evaluate(() => globalThis.uploadedBytes()),
    playEnd: () => page.evaluate(playLastSeconds),
    close: () => launched.close(),
  };
}
