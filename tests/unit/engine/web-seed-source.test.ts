import { afterEach, describe, expect, test } from 'vitest';
import type { Pace } from '@/src/base/pace';
import { beginRange, sendRange, sendWhole, startSeedServer, type SeedBehaviour, type SeedServer } from '@/tests/support/web-seed-server';
import { ManualClock } from './manual-clock';
import {
  PIECE_BYTES,
  paddedTorrent,
  seedFilm,
  seededTorrent,
  singleFilm,
  type SeededTorrent,
  type Seeding,
  type SeedingOptions,
} from './web-seed-film';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(files: Readonly<Record<string, Uint8Array>>, behaviour?: SeedBehaviour): Promise<SeedServer> {
  const server = await startSeedServer(files, behaviour);
  cleanUps.push(() => server.close());
  return server;
}

async function seeding(torrent: SeededTorrent, options: Omit<SeedingOptions, 'clock'> & { clock?: ManualClock }): Promise<Seeding> {
  const film = await seedFilm(torrent, { clock: new ManualClock(), ...options });
  cleanUps.push(() => film.end());
  return film;
}

/** Sends what was asked for with its first byte turned around. */
const lie: SeedBehaviour = (request, response, bytes) => {
  const { first, last } = beginRange(request, response, bytes);
  const part = bytes.slice(first, last + 1);
  part[0] = (part[0] ?? 0) ^ 255;
  response.end(part);
};

/** Sends headers and half a piece, and then nothing. */
const hang: SeedBehaviour = (request, response, bytes) => {
  const { first } = beginRange(request, response, bytes);
  response.write(bytes.subarray(first, first + PIECE_BYTES / 2));
};

describe('a web seed', () => {
  test('delivers a whole film, every piece verified, none of it twice', async () => {
    const film = singleFilm(40);
    const server = await serve({ '/film': film.bytes });
    const url = `${server.origin}/film`;
    const { source, whenFull, traffic, chunks, seed } = await seeding(film, { urls: [url] });
    source.start();
    await whenFull();
    expect(Buffer.compare(await chunks.read(0, film.bytes.length), film.bytes)).toBe(0);
    expect(traffic).toEqual({ downloaded: film.bytes.length, wasted: 0 });
    expect(seed(url)).toMatchObject({ state: 'active', reason: undefined, totals: { downloadedBytes: film.bytes.length } });
    expect(source.snapshot(0)).toMatchObject({
      name: 'web-seed',
      state: 'connected',
      peers: 1,
      totals: { downloadedBytes: film.bytes.length },
    });
  });

  test('is asked for many pieces at once as soon as it is known to be fast', async () => {
    const film = singleFilm(200);
    const clock = new ManualClock();
    // Each answer takes 10 ms by this clock.
    const server = await serve({ '/film': film.bytes }, (request, response, bytes) => {
      clock.advance(10);
      sendRange(request, response, bytes);
    });
    const { source, whenFull } = await seeding(film, { urls: [`${server.origin}/film`], clock });
    source.start();
    await whenFull();
    expect(server.requests.length).toBeLessThan(20);
  });

  test('is read no faster than a limit allows, and is not slow for that', async () => {
    const film = singleFilm(40);
    const server = await serve({ '/film': film.bytes });
    const url = `${server.origin}/film`;
    const clock = new ManualClock();
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let pacedBytes = 0;
    const pace: Pace = {
      bytesPerSecond: 1,
      take: (bytes) => {
        pacedBytes += bytes;
        // Both requests have heard from the server: from now on only the limit takes time.
        if (pacedBytes > bytes) asked.resolve();
        return gate.promise;
      },
    };
    const { source, traffic, seed, whenFull } = await seeding(film, { urls: [url], clock, pace });
    source.start();
    await asked.promise;
    clock.advance(5000);
    expect(traffic.downloaded).toBe(0);
    gate.resolve();
    await whenFull();
    expect([pacedBytes, traffic.downloaded]).toEqual([film.bytes.length, film.bytes.length]);
    expect(seed(url)).toMatchObject({ state: 'active', reason: undefined });
  });

  test('begins with what playback needs first', async () => {
    const film = singleFilm(30);
    const server = await serve({ '/film': film.bytes });
    const { source, whenFull, order } = await seeding(film, {
      urls: [`${server.origin}/film`],
      urgent: [17, 18],
      limits: { webSeedRequestsAtOnce: 1 },
    });
    source.start();
    await whenFull();
    expect(order.slice(0, 2)).toEqual([17, 18]);
  });

  test('gives way to a seek after the piece under way', async () => {
    const film = singleFilm(64);
    const clock = new ManualClock();
    let seek: (() => void) | undefined;
    const server = await serve({ '/film': film.bytes }, (request, response, bytes) => {
      clock.advance(10);
      const { first, last } = beginRange(request, response, bytes);
      if (last - first < 10 * PIECE_BYTES) return void response.end(bytes.subarray(first, last + 1));
      // A piece and a half; the rest only after the viewer has jumped.
      response.write(bytes.subarray(first, first + 1.5 * PIECE_BYTES));
      seek = () => {
        seek = undefined;
        server.behave(sendRange);
        planner.setPlan({ urgent: [60], wanted: planner.plan.wanted });
        response.end(bytes.subarray(first + 1.5 * PIECE_BYTES, last + 1));
      };
    });
    const { source, planner, whenFull, order, traffic } = await seeding(film, {
      urls: [`${server.origin}/film`],
      clock,
      limits: { webSeedRequestsAtOnce: 1 },
    });
    const jumped = new Promise<number>((resolve) => {
      planner.onVerified(() => {
        if (seek === undefined) return;
        resolve(order.length);
        seek();
      }, new AbortController().signal);
    });
    source.start();
    const before = await jumped;
    await whenFull();
    expect(order.indexOf(60) - before).toBeLessThanOrEqual(2);
    // What came in one chunk with the piece, and what was on its way.
    expect(traffic.wasted).toBeLessThan(10 * PIECE_BYTES);
  });

  test('keeps files of a folder, and pieces may lie across them', async () => {
    const film = seededTorrent(
      [
        { path: ['part 1.mp4'], lengthBytes: 50_000 },
        { path: ['subtitles', 'part 1.srt'], lengthBytes: 1000 },
        { path: ['part 2.mp4'], lengthBytes: 70_000 },
      ],
      false,
    );
    const server = await serve({
      '/pub/film/part%201.mp4': film.bytes.subarray(0, 50_000),
      '/pub/film/subtitles/part%201.srt': film.bytes.subarray(50_000, 51_000),
      '/pub/film/part%202.mp4': film.bytes.subarray(51_000),
    });
    const { source, whenFull, traffic } = await seeding(film, { urls: [`${server.origin}/pub/`] });
    source.start();
    await whenFull();
    expect(traffic).toEqual({ downloaded: 121_000, wasted: 0 });
  });

  test('is not asked for the padding between files (BEP 47)', async () => {
    const film = paddedTorrent();
    const server = await serve({ '/film/one': film.bytes.subarray(0, 10_000), '/film/two': film.bytes.subarray(PIECE_BYTES) });
    const { source, whenFull, traffic } = await seeding(film, { urls: [`${server.origin}/`] });
    source.start();
    await whenFull();
    expect(traffic).toEqual({ downloaded: 10_000 + 20_000, wasted: 0 });
    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(['/film/one', '/film/two']));
  });

  test('that is slow still gets what playback waits for when nobody else is there', async () => {
    const film = singleFilm(20);
    const clock = new ManualClock();
    const server = await serve({ '/film': film.bytes }, (request, response, bytes) => {
      clock.advance(1500);
      sendRange(request, response, bytes);
    });
    const url = `${server.origin}/film`;
    const { source, planner, whenSeed, whenFull } = await seeding(film, { urls: [url], clock, limits: { webSeedRequestsAtOnce: 1 } });
    source.start();
    await whenSeed(url, ({ state }) => state === 'slow');
    const before = server.requests.length;
    planner.setPlan({ urgent: [15], wanted: planner.plan.wanted });
    await whenFull();
    expect(askedPieces(server).indexOf(15)).toBeLessThanOrEqual(before + 1);
  });

  test('that lacks a file of the folder is asked for the others only', async () => {
    const film = seededTorrent(
      [
        { path: ['one'], lengthBytes: 4 * PIECE_BYTES },
        { path: ['two'], lengthBytes: 4 * PIECE_BYTES },
      ],
      false,
    );
    const half = await serve({ '/film/two': film.bytes.subarray(4 * PIECE_BYTES) });
    const url = `${half.origin}/`;
    const { source, planner, whenSeed } = await seeding(film, { urls: [url] });
    source.start();
    await whenSeed(url, ({ totals }) => totals.downloadedBytes === 4 * PIECE_BYTES);
    expect(half.requests.filter(({ path }) => path === '/film/one').length).toBeLessThanOrEqual(2);
    expect(planner.isOpen('native', 0)).toBe(true);
  });

  test('may be asked for a small file even if it knows no ranges, not for a large one', async () => {
    const film = singleFilm(8);
    const server = await serve({ '/film': film.bytes }, sendWhole);
    const url = `${server.origin}/film`;
    const small = await seeding(film, { urls: [url] });
    small.source.start();
    await small.whenFull();
    const large = await seeding(film, { urls: [url], limits: { webSeedWholeFileBytes: 1000 } });
    large.source.start();
    const refused = await large.whenSeed(url, ({ state }) => state === 'refused');
    expect(refused.reason?.name).toBe('seedWholeFiles');
    expect(large.planner.verified.count).toBe(0);
    expect(large.planner.isOpen('native', 0)).toBe(true);
  });

  test('that cuts every answer off still delivers, piece by piece, with waits that do not grow', async () => {
    const film = singleFilm(12);
    const clock = new ManualClock();
    const server = await serve({ '/film': film.bytes }, (request, response, bytes) => {
      clock.advance(10);
      const { first, last } = beginRange(request, response, bytes);
      const end = Math.min(first + PIECE_BYTES + 10, last + 1);
      response.write(bytes.subarray(first, end), () => response.destroy());
    });
    const url = `${server.origin}/film`;
    const { source, planner, whenFull, whenSeed } = await seeding(film, { urls: [url], clock, limits: { webSeedRequestsAtOnce: 1 } });
    source.start();
    const full = whenFull();
    const startedAtMs = clock.now();
    while (!planner.verified.isFull) {
      const rested = whenSeed(url, ({ state }) => state === 'failed').then(() => clock.advance(2000));
      await Promise.race([rested, full]);
      await Promise.race([whenSeed(url, ({ state }) => state !== 'failed'), full]);
    }
    expect(clock.now() - startedAtMs).toBeLessThan(60_000);
  });

  test('that stops sending loses its pieces to another one', async () => {
    const film = singleFilm(20);
    const clock = new ManualClock();
    const stuck = await serve({ '/film': film.bytes }, hang);
    const good = await serve({ '/film': film.bytes });
    const [stuckUrl, goodUrl] = [`${stuck.origin}/film`, `${good.origin}/film`];
    const options = { urls: [stuckUrl, goodUrl], clock, limits: { webSeedRequestsAtOnce: 1 } };
    const { source, whenFull, whenSeed, seed } = await seeding(film, options);
    source.start();
    await whenSeed(goodUrl, ({ totals }) => totals.downloadedBytes === film.bytes.length - PIECE_BYTES);
    await whenSeed(stuckUrl, ({ totals }) => totals.downloadedBytes === PIECE_BYTES / 2);
    await nextTurn();
    clock.advance(10_000);
    await whenFull();
    expect(seed(stuckUrl)).toMatchObject({
      state: 'slow',
      reason: { name: 'seedStopped' },
      totals: { downloadedBytes: PIECE_BYTES / 2, wastedBytes: PIECE_BYTES / 2 },
    });
  });

  test('that is slow is given nothing that playback waits for while another one is there', async () => {
    const film = singleFilm(60);
    const clock = new ManualClock();
    const slow = await serve({ '/film': film.bytes }, (request, response, bytes) => {
      clock.advance(1500);
      sendRange(request, response, bytes);
    });
    const good = await serve({ '/film': film.bytes });
    const [slowUrl, goodUrl] = [`${slow.origin}/film`, `${good.origin}/film`];
    const { source, whenSeed, whenFull, planner } = await seeding(film, { urls: [slowUrl], allowedHosts: [slow.host], clock });
    source.start();
    await whenSeed(slowUrl, ({ state }) => state === 'slow');
    slow.behave(sendRange);
    const urgent = [50, 51, 52, 53];
    source.allow(goodUrl);
    planner.setPlan({ urgent, wanted: planner.plan.wanted });
    await whenFull();
    expect(askedPieces(slow).filter((piece) => urgent.includes(piece))).toEqual([]);
    expect(askedPieces(good).length).toBeGreaterThan(0);
  });

  test('that lies is banned after five bad pieces; another one brings them', async () => {
    const film = singleFilm(24);
    const liar = await serve({ '/film': film.bytes }, lie);
    const url = `${liar.origin}/film`;
    const { source, planner, whenSeed, whenFull, traffic } = await seeding(film, { urls: [url] });
    source.start();
    const banned = await whenSeed(url, ({ state }) => state === 'refused');
    expect(banned.reason?.name).toBe('seedBadData');
    expect(banned.totals.wastedBytes).toBeGreaterThanOrEqual(5 * PIECE_BYTES);
    expect(planner.verified.count).toBe(0);
    const good = await serve({ '/film': film.bytes });
    source.allow(`${good.origin}/film`);
    await whenFull();
    const asked = liar.requests.length;
    source.allow(url);
    expect(source.webSeeds()[0]).toMatchObject({ url, state: 'refused' });
    expect(liar.requests).toHaveLength(asked);
    expect(traffic.downloaded - traffic.wasted).toBe(film.bytes.length);
  });

  test('that redirects is refused, and nobody goes where it points', async () => {
    const film = singleFilm(4);
    const inside = await serve({ '/film': film.bytes });
    const server = await serve({ '/film': film.bytes }, (_request, response) => {
      response.writeHead(307, { location: `${inside.origin}/film` }).end();
    });
    const url = `${server.origin}/film`;
    const { source, whenSeed } = await seeding(film, { urls: [url] });
    source.start();
    expect((await whenSeed(url, ({ state }) => state === 'refused')).reason?.name).toBe('seedRedirects');
    expect(inside.requests).toEqual([]);
  });

  test('on this machine is not asked when a stranger names it, but is once the viewer allowed it', async () => {
    const film = singleFilm(6);
    const server = await serve({ '/film': film.bytes });
    const url = `${server.origin}/film`;
    const { source, whenFull, seed } = await seeding(film, { urls: [url], allowedHosts: [] });
    source.start();
    expect(seed(url)).toMatchObject({ state: 'refused', reason: { name: 'addressPrivate' } });
    expect(server.requests).toEqual([]);
    source.allow(url);
    await whenFull();
    expect(seed(url)).toMatchObject({ state: 'active', reason: undefined });
  });

  test('from which nothing comes back is blocked until the viewer allows it, and unreachable after that', async () => {
    const film = singleFilm(4);
    const gone = await startSeedServer({});
    await gone.close();
    // A public name, so that the address itself is fine; the fetch goes to a closed port.
    const url = 'http://seed.invalid/film';
    const { source, whenSeed } = await seeding(film, { urls: [url], allowedHosts: [] });
    source.start();
    expect((await whenSeed(url, ({ state }) => state === 'blocked')).reason?.name).toBe('seedBlocked');
    source.allow(url);
    expect((await whenSeed(url, ({ state }) => state === 'failed')).reason?.name).toBe('seedAway');
  });

  test('that is busy is left alone as long as it asks', async () => {
    const film = singleFilm(4);
    const clock = new ManualClock();
    const server = await serve({ '/film': film.bytes }, (_request, response) => {
      response.writeHead(503, { 'retry-after': '20' }).end();
    });
    const url = `${server.origin}/film`;
    const { source, whenSeed, whenFull } = await seeding(film, { urls: [url], clock, limits: { webSeedRequestsAtOnce: 1 } });
    source.start();
    await whenSeed(url, ({ state }) => state === 'failed');
    server.behave(sendRange);
    clock.advance(19_000);
    expect(server.requests).toHaveLength(1);
    clock.advance(2000);
    await whenFull();
    expect(server.requests.length).toBeGreaterThan(1);
  });
});

describe('several web seeds', () => {
  test('share a film', async () => {
    const film = singleFilm(60);
    const servers = await Promise.all([1, 2, 3].map(() => serve({ '/film': film.bytes })));
    const urls = servers.map(({ origin }) => `${origin}/film`);
    const { source, whenFull, traffic } = await seeding(film, { urls });
    source.start();
    await whenFull();
    expect(traffic).toEqual({ downloaded: film.bytes.length, wasted: 0 });
    expect(source.webSeeds().filter(({ totals }) => totals.downloadedBytes > 0)).toHaveLength(3);
    expect(source.snapshot(0).peers).toBe(3);
  });

  test('are asked four at a time, and the next one when one of them is given up', async () => {
    const film = singleFilm(30);
    const clock = new ManualClock();
    const servers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => serve({ '/film': film.bytes }, hang)));
    const arrivals = servers.map((server) => server.nextRequest());
    const urls = servers.map(({ origin }) => `${origin}/film`);
    const { source } = await seeding(film, { urls, clock });
    source.start();
    await Promise.all(arrivals.slice(0, 4));
    expect(servers.slice(4).flatMap(({ requests }) => requests)).toEqual([]);
    clock.advance(10_000);
    await Promise.all(arrivals);
    expect(servers.every(({ requests }) => requests.length > 0)).toBe(true);
  });
});

describe('a web seed source', () => {
  test('lets go of every connection and claim when it stops, and goes on when it starts again', async () => {
    const film = singleFilm(20);
    const server = await serve({ '/film': film.bytes }, hang);
    const url = `${server.origin}/film`;
    const { source, planner, whenSeed, whenFull } = await seeding(film, { urls: [url] });
    source.start();
    await whenSeed(url, ({ totals }) => totals.downloadedBytes >= PIECE_BYTES);
    source.stop();
    source.stop();
    expect(source.snapshot(0)).toMatchObject({ state: 'off', peers: 0 });
    for (let piece = 0; piece < film.info.pieceCount; piece++) expect(planner.isOpen('native', piece)).toBe(true);
    server.behave(sendRange);
    source.start();
    source.start();
    await whenFull();
    expect(source.snapshot(0).state).toBe('connected');
  });

  test('asks for nothing that another source has claimed, and wastes nothing when a late piece is taken', async () => {
    const film = singleFilm(10);
    const clock = new ManualClock();
    const server = await serve({ '/film': film.bytes }, hang);
    const url = `${server.origin}/film`;
    const { source, planner, whenSeed, whenFull, traffic } = await seeding(film, { urls: [url], clock, urgent: [3] });
    planner.claim('native', (piece) => piece < 3, 3);
    source.start();
    await whenSeed(url, ({ totals }) => totals.downloadedBytes === PIECE_BYTES);
    expect(server.requests.filter(({ range }) => range.startsWith('bytes=0-'))).toEqual([]);
    clock.advance(2000);
    expect(planner.tryClaim('native', 3)).toBe(true);
    await planner.deliver('native', 3, film.bytes.slice(3 * PIECE_BYTES, 4 * PIECE_BYTES));
    planner.releaseAll('native');
    server.behave(sendRange);
    await nextTurn();
    clock.advance(10_000);
    await whenSeed(url, ({ state }) => state === 'slow');
    clock.advance(2000);
    await whenFull();
    expect(traffic.downloaded - traffic.wasted).toBe(film.bytes.length - PIECE_BYTES);
  });

  test('reads nothing before it is started, and nothing after its end', async () => {
    const film = singleFilm(4);
    const server = await serve({ '/film': film.bytes });
    const { source, end } = await seeding(film, { urls: [`${server.origin}/film`] });
    expect(source.snapshot(0).state).toBe('off');
    end();
    source.start();
    expect(source.snapshot(0).state).toBe('off');
    expect(server.requests).toEqual([]);
  });
});

/** The first piece of each request. */
function askedPieces({ requests }: SeedServer): number[] {
  return requests.map(({ range }) => Number(/\d+/.exec(range)?.[0]) / PIECE_BYTES);
}

/** What is already under way in promises is done after it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
