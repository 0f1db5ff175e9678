import { describe, expect, onTestFinished, test } from 'vitest';
import { parseStreamPath, respondWithStream } from '@/src/background/stream-responder';
import { EngineCallError } from '@/src/protocol/engine-api';
import { FILM, FilmEngine, SESSION_ID } from '@/tests/support/film-engine';
import { HostedEngines } from '@/tests/support/hosted-engines';
import { notice } from '@/src/protocol/notice';
import english from '@/locales/en.json';

const ADDRESS = { sessionId: SESSION_ID, fileIndex: 0 };

function setUp(engines = [new FilmEngine(), new FilmEngine()]) {
  const gone = new AbortController();
  const made: FilmEngine[] = [];
  const host = new HostedEngines(() => {
    const engine = engines[made.length] ?? new FilmEngine();
    made.push(engine);
    return engine;
  });
  onTestFinished(() => {
    gone.abort();
    host.kill();
  });
  const ask = (range?: string, init: RequestInit = {}, fileIndex = 0): Promise<Response> =>
    respondWithStream(
      host.reach,
      { ...ADDRESS, fileIndex },
      new Request('http://127.0.0.1/stream', { ...init, headers: range === undefined ? {} : { range } }),
      gone.signal,
    );
  const [first = new FilmEngine(), second = new FilmEngine()] = engines;
  return { ask, host, gone, first, second };
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe('a stream response', () => {
  test('the whole file is 200, byte for byte', async () => {
    const { ask } = setUp();
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(FILM.length));
    expect((await bytesOf(response)).equals(FILM)).toBe(true);
  });

  test.each([
    ['bytes=0-', 0, FILM.length],
    ['bytes=1500000-', 1_500_000, FILM.length],
    ['bytes=100-199', 100, 200],
    ['bytes=-50', FILM.length - 50, FILM.length],
  ])('%s is 206 with just those bytes', async (range, start, end) => {
    const { ask } = setUp();
    const response = await ask(range);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${FILM.length}`);
    expect(response.headers.get('content-length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(FILM.subarray(start, end))).toBe(true);
  });

  test('says what it is and that nothing in it may run', async () => {
    const { headers } = await setUp().ask('bytes=0-');
    expect(Object.fromEntries(headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'content-security-policy': 'sandbox',
      'content-type': 'video/mp4',
      'x-content-type-options': 'nosniff',
    });
  });

  test('a range behind the end is 416 and closes its stream', async () => {
    const { ask, first } = setUp();
    const response = await ask(`bytes=${FILM.length}-`);
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${FILM.length}`);
    await first.until(() => first.closedStarts.length === 1);
    expect(first.closedStarts).toEqual([FILM.length]);
  });

  test('a file the torrent does not have is 404 with a sentence', async () => {
    const response = await setUp().ask(undefined, {}, 9);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(english.notice.noSuchFile);
  });

  test('without consent it is 503 with a sentence', async () => {
    const response = await respondWithStream(
      () => Promise.reject(new EngineCallError('no-consent', notice('noConsent'))),
      ADDRESS,
      new Request('http://127.0.0.1/stream'),
      new AbortController().signal,
    );
    expect(response.status).toBe(503);
    expect(await response.text()).toBe(english.notice.noConsent);
  });

  test('HEAD has headers and no body', async () => {
    const { ask, first } = setUp();
    const response = await ask('bytes=5-', { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe(String(FILM.length - 5));
    expect(response.body).toBeNull();
    await first.until(() => first.closedStarts.length === 1);
    expect(first.closedStarts).toEqual([5]);
  });

  test('other methods are refused', async () => {
    expect((await setUp().ask(undefined, { method: 'POST' })).status).toBe(405);
  });

  test('nothing is read before the body is', async () => {
    const { ask, first } = setUp();
    const response = await ask('bytes=0-');
    expect(first.readSizes).toEqual([]);
    const reader = response.body?.getReader();
    await reader?.read();
    expect(first.readSizes).toEqual([524_288]);
    await reader?.cancel();
  });

  test('a seek (cancel) reaches the engine even while bytes are missing', async () => {
    const { ask, first } = setUp();
    first.verifiedUntil = 1000;
    const response = await ask('bytes=500-');
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(500);
    const waiting = reader?.read();
    await first.until(() => first.readSizes.length === 2);
    await reader?.cancel();
    await waiting;
    await first.until(() => first.closedStarts.length === 1);
    expect(first.closedStarts).toEqual([500]);
  });

  test('missing bytes are waited for', async () => {
    const { ask, first } = setUp();
    first.verifiedUntil = 100;
    const body = bytesOf(await ask('bytes=0-199'));
    await first.until(() => first.readSizes.length === 2);
    first.verifiedUntil = FILM.length;
    first.changed();
    expect((await body).equals(FILM.subarray(0, 200))).toBe(true);
  });
});

describe('when the engine dies', () => {
  test('the body goes on at the same byte from the next engine, once its session is open again', async () => {
    const { ask, host, first, second } = setUp();
    first.verifiedUntil = 300_000;
    second.knowsSession = false;
    const body = bytesOf(await ask('bytes=1000-'));
    await first.until(() => first.readSizes.length === 2);
    host.kill();
    await second.until(() => second.opened.length === 1);
    expect(second.opened).toEqual([{ ...ADDRESS, startBytes: 300_000 }]);

    const { port1: page, port2: enginePort } = new MessageChannel();
    onTestFinished(() => page.close());
    const clientLock = `lodestream-client:${crypto.randomUUID()}`;
    await navigator.locks.request(clientLock, async () => {
      host.tell({ type: 'client', clientLock, settings: (await host.reach()).settings }, [enginePort]);
      page.postMessage({ t: 'q', i: '1', m: 'openSession', a: [{ magnet: 'magnet:?xt=urn:btih:x' }] });
      expect((await body).equals(FILM.subarray(1000))).toBe(true);
    });
    expect(host.started).toBe(2);
  });

  test('a request that waits for the headers is answered by the next engine', async () => {
    const { ask, host, first, second } = setUp();
    first.knowsSession = false;
    const response = ask('bytes=0-9');
    await first.until(() => first.opened.length === 1);
    host.kill();
    expect((await bytesOf(await response)).equals(FILM.subarray(0, 10))).toBe(true);
    expect(second.opened).toHaveLength(1);
  });

  test('nobody waits on once the player has gone', async () => {
    const { ask, gone, first } = setUp();
    first.knowsSession = false;
    const response = ask();
    await first.until(() => first.opened.length === 1);
    gone.abort();
    expect((await response).status).toBe(503);
  });
});

describe('a stream address', () => {
  test('names a session and a file', () => {
    expect(parseStreamPath(`/stream/${SESSION_ID}/3`)).toEqual({ sessionId: SESSION_ID, fileIndex: 3 });
  });

  test('names a session whose files nobody knows yet', () => {
    expect(parseStreamPath(`/stream/${SESSION_ID}/unasked`)).toEqual({ sessionId: SESSION_ID, fileIndex: 'unasked' });
  });

  test.each([
    '/',
    '/stream/',
    `/stream/${SESSION_ID}`,
    `/stream/${SESSION_ID}/`,
    `/stream/${SESSION_ID}/x`,
    `/stream/${SESSION_ID}/unasked/`,
    '/stream/abc/0',
    `/a/stream/${SESSION_ID}/0`,
  ])('%s is none', (path) => {
    expect(parseStreamPath(path)).toBeUndefined();
  });
});
