import type { Browser, CDPSession } from 'puppeteer';

const MEASURED = new Set<string>(['page', 'background_page', 'service_worker', 'other']);

/** JavaScript heap in use after a collection: every page, frame and worker of the browser, each isolate once. */
export async function heapBytes(browser: Browser): Promise<number> {
  const byIsolate = new Map<string, number>();
  for (const target of browser.targets().filter((candidate) => MEASURED.has(candidate.type()))) {
    const session = await target.createCDPSession();
    await weigh(session, byIsolate);
    await session.detach();
  }
  return [...byIsolate.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Frames of other origins and dedicated workers are only reached through what they are in. */
async function weigh(session: CDPSession, byIsolate: Map<string, number>): Promise<void> {
  const inside: CDPSession[] = [];
  session.on('sessionattached', (attached) => inside.push(attached));
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }).catch(() => undefined);
  await session.send('HeapProfiler.collectGarbage');
  const { id } = await session.send('Runtime.getIsolateId');
  byIsolate.set(id, (await session.send('Runtime.getHeapUsage')).usedSize);
  for (const child of inside) await weigh(child, byIsolate);
}
