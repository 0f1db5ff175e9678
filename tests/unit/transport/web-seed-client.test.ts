import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { concatBytes } from '@/src/base/bytes';
import { readWebSeedRange, type WebSeedFetch } from '@/src/transport/web-seed-client';
import { beginRange, sendRange, sendWhole, startSeedServer, type SeedBehaviour, type SeedServer } from '@/tests/support/web-seed-server';

const FILE = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251);
let server: SeedServer;

beforeEach(async () => {
  server = await startSeedServer({ '/film': FILE });
});

afterEach(() => server.close());

interface Asked {
  readonly fetch?: WebSeedFetch;
  readonly url?: string;
  readonly startBytes?: number;
  readonly lengthBytes?: number;
  readonly fileLengthBytes?: number;
  readonly signal?: AbortSignal;
}

async function read(asked: Asked = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const range = {
    fetch,
    url: `${server.origin}/film`,
    startBytes: 1000,
    lengthBytes: 50_000,
    fileLengthBytes: FILE.length,
    wholeFileBytes: 0,
    signal: new AbortController().signal,
    ...asked,
  };
  for await (const chunk of readWebSeedRange(range)) parts.push(chunk);
  return concatBytes(...parts);
}

/** Answers with a status and headers of its own, and then as many zeros as there are bytes. */
function answer(status: number, headers: Readonly<Record<string, string>>, bodyBytes: number): SeedBehaviour {
  return (_request, response) => void response.writeHead(status, headers).end(new Uint8Array(bodyBytes));
}

describe('a range of a file on the web', () => {
  test('comes as it was asked for', async () => {
    expect(await read()).toEqual(FILE.subarray(1000, 51_000));
    expect(server.requests).toEqual([{ path: '/film', range: 'bytes=1000-50999' }]);
  });

  test('comes to its last byte', async () => {
    expect(await read({ startBytes: 99_999, lengthBytes: 1 })).toEqual(FILE.subarray(99_999));
  });

  test('may come without Content-Range, which CORS seldom lets through', async () => {
    server.behave((_request, response) => void response.writeHead(206).end(FILE.subarray(1000, 51_000)));
    expect(await read()).toEqual(FILE.subarray(1000, 51_000));
  });

  test('is cut out of a small file that comes whole', async () => {
    server.behave(sendWhole);
    const parts: Uint8Array[] = [];
    const signal = new AbortController().signal;
    const range = {
      fetch,
      url: `${server.origin}/film`,
      startBytes: 10,
      lengthBytes: 20,
      fileLengthBytes: FILE.length,
      wholeFileBytes: FILE.length,
    };
    for await (const chunk of readWebSeedRange({ ...range, signal })) parts.push(chunk);
    expect(concatBytes(...parts)).toEqual(FILE.subarray(10, 30));
  });

  test('that is the whole file may come without a range, however large', async () => {
    server.behave(sendWhole);
    expect(await read({ startBytes: 0, lengthBytes: FILE.length })).toEqual(FILE);
  });

  test.each<[what: string, behaviour: SeedBehaviour, failure: string]>([
    ['a large file whole', sendWhole, 'no-ranges'],
    ['a file of another length', answer(200, { 'content-length': '5' }, 5), 'missing'],
    ['other bytes', answer(206, { 'content-range': 'bytes 0-49999/100000' }, 50_000), 'broken'],
    ['a range of a file of another length', answer(206, { 'content-range': 'bytes 1000-50999/5000000' }, 50_000), 'missing'],
    ['a Content-Range that makes no sense', answer(206, { 'content-range': 'bytes */x' }, 50_000), 'broken'],
    ['more than was asked for', answer(206, {}, 60_000), 'broken'],
    ['less than was asked for', answer(206, {}, 10), 'broken'],
    ['a body of several ranges', answer(206, { 'content-type': 'multipart/byteranges; boundary=x' }, 50_200), 'broken'],
    ['404', answer(404, {}, 10), 'missing'],
    ['416', answer(416, {}, 0), 'missing'],
    ['403', answer(403, {}, 0), 'broken'],
    ['429', answer(429, { 'retry-after': '7' }, 0), 'busy'],
    ['204', (_request, response) => void response.writeHead(204).end(), 'broken'],
  ])('is refused when the server sends %s', async (_what, behaviour, failure) => {
    server.behave(behaviour);
    await expect(read()).rejects.toMatchObject({
      name: 'WebSeedError',
      failure,
      notice: { name: expect.stringMatching(/^seed/) as string },
    });
  });

  test('is refused before its body when it announces a huge one', async () => {
    let isCut = false;
    const cut = new Promise<void>((resolve) => {
      server.behave((_request, response) => {
        response.on('close', () => {
          isCut = !response.writableFinished;
          resolve();
        });
        response.writeHead(206, { 'content-length': String(2 ** 40) }).write(new Uint8Array(1000));
      });
    });
    await expect(read()).rejects.toMatchObject({ failure: 'broken' });
    await cut;
    expect(isCut).toBe(true);
  });

  test('stops being received once an endless body has sent enough', async () => {
    const cut = new Promise<void>((resolve) => {
      server.behave((_request, response) => {
        response.writeHead(206);
        const flood = (): void => {
          while (!response.destroyed && response.write(new Uint8Array(65_536)));
        };
        response.on('drain', flood);
        response.on('close', resolve);
        flood();
      });
    });
    await expect(read()).rejects.toMatchObject({ failure: 'broken' });
    await expect(cut).resolves.toBeUndefined();
  });

  test('ends as broken when the connection does in the middle', async () => {
    server.behave((request, response, bytes) => {
      const { first } = beginRange(request, response, bytes);
      response.write(bytes.subarray(first, first + 5000), () => response.destroy());
    });
    await expect(read()).rejects.toMatchObject({ failure: 'broken' });
  });

  test('says how long a busy server wants to be left alone, within five minutes', async () => {
    server.behave(answer(503, { 'retry-after': '7' }, 0));
    await expect(read()).rejects.toMatchObject({ failure: 'busy', retryAfterMs: 7000 });
    server.behave(answer(503, { 'retry-after': '99999999' }, 0));
    await expect(read()).rejects.toMatchObject({ retryAfterMs: 300_000 });
    server.behave(answer(503, { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT' }, 0));
    await expect(read()).rejects.toMatchObject({ retryAfterMs: undefined });
  });

  test('is not looked for where a redirect points', async () => {
    const elsewhere = await startSeedServer({ '/film': FILE });
    server.behave((_request, response) => void response.writeHead(302, { location: `${elsewhere.origin}/film` }).end());
    await expect(read()).rejects.toMatchObject({ failure: 'redirect' });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  test('is blocked when nothing comes back', async () => {
    const gone = await startSeedServer({});
    await gone.close();
    await expect(read({ url: `${gone.origin}/film` })).rejects.toMatchObject({ failure: 'blocked' });
  });

  test('is given up with the signal, and the connection with it', async () => {
    const abort = new AbortController();
    const closed = new Promise<void>((resolve) => {
      server.behave((request, response, bytes) => {
        response.on('close', resolve);
        beginRange(request, response, bytes);
        response.write(bytes.subarray(1000, 2000), () => abort.abort(new Error('over')));
      });
    });
    await expect(read({ signal: abort.signal })).rejects.toThrow('over');
    await expect(closed).resolves.toBeUndefined();
  });

  test('is asked for without cookies, referrer, cache or redirects', async () => {
    const inits: RequestInit[] = [];
    await read({
      fetch: (url, init) => {
        inits.push(init);
        return fetch(url, init);
      },
    });
    expect(inits).toHaveLength(1);
    expect(inits[0]).toMatchObject({ redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' });
  });

  test('is asked for again after a server recovered', async () => {
    server.behave(answer(500, {}, 0));
    await expect(read()).rejects.toMatchObject({ failure: 'busy' });
    server.behave(sendRange);
    expect(await read()).toEqual(FILE.subarray(1000, 51_000));
  });
});
