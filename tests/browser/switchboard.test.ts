import type { Page, Target } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { storeSettings } from '@/tests/support/stage';
import { serveSite } from '@/tests/support/static-site';

/** Nothing listens there: these tests are about what lies between pages and engine. */
const NO_SERVERS = { signalingServers: [], iceServers: [], trackers: [] };
const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=Film';

let launched: LaunchedBrowser;

beforeAll(async () => {
  launched = await launchBrowser();
});

afterAll(async () => {
  await launched?.close();
});

/** A page of ours that wants no engine of its own accord, with the two ends of the protocol at hand, so that tests can break it in the middle. */
async function openOwnPage(): Promise<Page> {
  const page = await launched.browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`chrome-extension://${launched.extensionId}/welcome.html`);
  // Right after the installation a page can be there before the worker that answers it; one that is just being loaded misses its claim.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  if (await page.evaluate(() => navigator.serviceWorker.controller === null)) await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.evaluate(`
    const clientLock = 'lodestream-client:' + crypto.randomUUID();
    navigator.locks.request(clientLock, () => new Promise(() => {}));
    window.ask = async () => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', ({ data }) => {
        window.port = port1;
        window.asking.shift()?.(data);
      }, { once: true });
      port1.start();
      (await navigator.serviceWorker.ready).active.postMessage({ type: 'connect-engine', clientLock }, [port2]);
    };
    window.asking = [];
    window.connect = () => new Promise((resolve) => {
      window.asking.push(resolve);
      window.ask();
    });
    window.call = (m, ...a) => new Promise((resolve) => {
      const i = crypto.randomUUID();
      window.port.addEventListener('message', ({ data }) => { if (data.i === i) resolve(data.e ?? data.r); });
      window.port.postMessage({ t: 'q', i, m, a });
    });
    window.gone = (lock) => navigator.locks.request(lock, () => 'gone');
    void 0;
  `);
  return page;
}

interface Hello {
  readonly type: string;
  readonly engineLock: string;
}

/** Whoever dies between taking the port and handing it on answers nothing, and only asking again helps: here as soon as somebody died. */
async function connect(page: Page): Promise<Hello> {
  const askAgain = (): void => void page.evaluate('ask()');
  const onClosed = (target: Target): void => {
    if (isEngine(target)) askAgain();
  };
  const session = await page.createCDPSession();
  await session.send('ServiceWorker.enable');
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) askAgain();
  });
  launched.browser.on('targetdestroyed', onClosed);
  try {
    return (await page.evaluate('connect()')) as Hello;
  } finally {
    launched.browser.off('targetdestroyed', onClosed);
    await session.detach();
  }
}

function isEngine(target: Target): boolean {
  return target.url().endsWith('/offscreen.html');
}

function engines(): number {
  return launched.browser.targets().filter(isEngine).length;
}

/** Resolves once the worker has stopped: one that is still stopping takes the next port with it. */
async function stopServiceWorker(page: Page): Promise<void> {
  const session = await page.createCDPSession();
  await session.send('ServiceWorker.enable');
  const stopped = new Promise<void>((resolve) => {
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) resolve();
    });
  });
  await session.send('ServiceWorker.stopAllWorkers');
  await stopped;
  await session.detach();
}

test('before consent no engine is started, and afterwards waiting pages are told', async () => {
  const page = await openOwnPage();
  expect(await connect(page)).toMatchObject({ type: 'engine-refused', code: 'no-consent' });
  expect((await page.evaluate(`fetch('/stream/${'0'.repeat(40)}/0').then((response) => response.status)`)) as number).toBe(503);
  expect(engines()).toBe(0);

  await page.evaluate(
    `window.told = new Promise((resolve) => navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(data.type))); void 0`,
  );
  await storeSettings(launched, { ...NO_SERVERS, consentedAtMs: 1 });
  expect(await page.evaluate('told')).toBe('engine-available');
  expect(await connect(page)).toMatchObject({ type: 'engine-hello' });
});

test('pages that ask at the same moment share one engine', async () => {
  await storeSettings(launched, { ...NO_SERVERS, consentedAtMs: 1 });
  const pages = [await openOwnPage(), await openOwnPage()] as const;
  const { engineLock } = await connect(pages[0]);
  await closeEngine(pages[0]);
  await pages[0].evaluate(`gone('${engineLock}')`);
  const greetings = await Promise.all([...pages, ...pages].map(connect));
  expect(new Set(greetings.map(({ engineLock }) => engineLock)).size).toBe(1);
  expect(engines()).toBe(1);
});

test('a page learns that the engine died, and reaches the next one', async () => {
  const page = await openOwnPage();
  const first = await connect(page);
  await page.evaluate(`window.end = gone('${first.engineLock}'); void 0`);
  await closeEngine(page);
  expect(await page.evaluate('end')).toBe('gone');
  const second = await connect(page);
  expect(second.type).toBe('engine-hello');
  expect(second.engineLock).not.toBe(first.engineLock);
});

test('a page talks to the engine while the service worker is dead, and through the next worker', async () => {
  const page = await openOwnPage();
  const { engineLock } = await connect(page);
  await stopServiceWorker(page);
  expect(await page.evaluate(`call('openSession', { magnet: '${MAGNET}' })`)).toMatchObject({
    sessionId: 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a',
  });
  expect(await page.evaluate(`call('openSession', { magnet: 'nonsense' })`)).toMatchObject({ code: 'bad-magnet' });
  expect(await connect(page)).toEqual({ type: 'engine-hello', engineLock });
});

test('a pointer that goes down on a magnet link starts the engine ahead of the click; with a modifier key, or on other links, it does not', async () => {
  await storeSettings(launched, { ...NO_SERVERS, consentedAtMs: 1 });
  const own = await openOwnPage();
  const { engineLock } = await connect(own);
  await closeEngine(own);
  await own.evaluate(`gone('${engineLock}')`);
  const site = await serveSite({ '/': `<a id="film" href="${MAGNET}">Film</a> <a id="other" href="/other">Other</a>` });
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(site.origin);
  const press = async (selector: string): Promise<void> => {
    await page.locator(selector).hover();
    await page.mouse.down();
  };
  await press('#other');
  await page.mouse.move(0, 300);
  await page.mouse.up();
  await page.keyboard.down('Alt');
  await press('#film');
  await page.mouse.move(0, 300);
  await page.mouse.up();
  await page.keyboard.up('Alt');
  expect(engines()).toBe(0);
  await press('#film');
  await launched.browser.waitForTarget(isEngine);
  // The player's page is loaded ahead as well, without a film.
  expect(page.frames().filter((frame) => frame.url().includes('/player.html') && !frame.url().endsWith('#ahead'))).toEqual([]);
  await page.mouse.move(0, 300);
  await page.mouse.up();
});

test('the engine drops a page that goes away', async () => {
  const watching = await openOwnPage();
  await connect(watching);
  await watching.evaluate(`
    window.views = (count) => new Promise((resolve) => window.port.addEventListener('message', ({ data }) => {
      if (data.m === 'snapshot' && data.a[0].sessions.some((session) => session.views === count)) resolve(count);
    }));
    call('watch', { kind: 'all' });
  `);
  await watching.evaluate('window.two = views(2); void 0');
  const leaving = await openOwnPage();
  for (const page of [watching, leaving]) {
    if (page === leaving) await connect(page);
    await page.evaluate(`call('openSession', { magnet: '${MAGNET}' })`);
  }
  expect(await watching.evaluate('two')).toBe(2);
  await watching.evaluate('window.one = views(1); void 0');
  await leaving.goto('about:blank');
  expect(await watching.evaluate('one')).toBe(1);
});

test('addresses that are no stream are left to the browser', async () => {
  const page = await openOwnPage();
  expect(await page.evaluate(`fetch('/manifest.json').then((response) => response.json()).then(({ name }) => name)`)).toBe('Lodestream');
});

async function closeEngine(page: Page): Promise<void> {
  await page.evaluate('chrome.offscreen.hasDocument().then((exists) => exists && chrome.offscreen.closeDocument())');
}
