import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Client } from 'bittorrent-tracker';
import fc from 'fast-check';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';
import { StockPeer, untilTaken } from '@/tests/support/stock-peer';
import { TrackerSwarm } from '@/tests/support/tracker-swarm';
import { Mailbox } from './mailbox';
import { startServer } from './test-server';

/** `/announce`: what WebTorrent clients find there. */

const INFO_HASH = 'd4'.repeat(20);

let swarm: TrackerSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

function trackerUrl(url: string): string {
  return `${url.replace('http', 'ws')}/announce`;
}

function binary(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}

/** A client whose every frame is the test's. */
class RawTrackerClient {
  readonly peerId = randomBytes(20).toString('hex');
  readonly frames = new Mailbox<Record<string, unknown>>();
  readonly socket: WebSocket;
  readonly closed: Promise<number>;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.closed = new Promise((closed) => this.socket.once('close', closed));
    this.socket.on('message', (frame: Buffer) => this.frames.put(JSON.parse(frame.toString())));
    this.socket.on('error', () => undefined);
    onTestFinished(() => this.socket.terminate());
  }

  async open(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  announce(fields: object = {}): Promise<Record<string, unknown>> {
    this.say({ action: 'announce', info_hash: binary(INFO_HASH), peer_id: binary(this.peerId), left: 1, numwant: 5, ...fields });
    return this.frames.take((frame) => 'interval' in frame || 'failure reason' in frame);
  }
}

function offer(sdp = 'v=0'): { offer_id: string; offer: { type: 'offer'; sdp: string } } {
  return { offer_id: binary(randomBytes(20).toString('hex')), offer: { type: 'offer', sdp } };
}

describe('unmodified clients', () => {
  test('of WebTorrent: one seeds, one takes it all', async () => {
    const { url } = await startServer();
    const film = fakeFilm(500_000);
    const info = describeFilm(film, 64 * 1024);
    // In one process the library has one connection for each address; two viewers have two.
    const seeder = await StockPeer.start(info, `${trackerUrl(url)}?seeder`, film);
    onTestFinished(() => seeder.close());
    const leecher = await untilTaken(() => StockPeer.start(info, `${trackerUrl(url)}?leecher`));
    onTestFinished(() => leecher.close());
    expect(leecher.torrent.pieces.every((piece) => piece === null)).toBe(true);
  });

  test('of WebTorrent: two of one page, which share a connection, find each other', async () => {
    const { url } = await startServer();
    swarm = await TrackerSwarm.start(200_000, 64 * 1024, 'v1', trackerUrl(url));
    await swarm.stockPeer(swarm.film);
    const leecher = await swarm.stockViewer();
    expect(leecher.torrent.pieces.every((piece) => piece === null)).toBe(true);
  });

  test('an engine of ours and one of theirs', async () => {
    const { url } = await startServer();
    swarm = await TrackerSwarm.start(500_000, 64 * 1024, 'v1', trackerUrl(url));
    await swarm.stockPeer(swarm.film);
    const { createMemoryChunkStore } = await import('@/src/store/memory-chunk-store');
    const viewer = await swarm.join(createMemoryChunkStore());
    expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  });

  test('of bittorrent-tracker: it is told how many there are, by announce and by scrape', async () => {
    const { url } = await startServer();
    const client = new Client({
      infoHash: INFO_HASH,
      peerId: randomBytes(20).toString('hex'),
      announce: [trackerUrl(url)],
      port: 6881,
      getAnnounceOpts: () => ({ numwant: 0 }),
      rtcConfig: { iceServers: [] },
    });
    onTestFinished(() => client.destroy());
    client.on('error', () => undefined);
    client.start({ left: 0 });
    const [update] = await once(client, 'update');
    expect(update).toMatchObject({ complete: 1, incomplete: 0, interval: 60 });
    client.scrape();
    const [scraped] = await once(client, 'scrape');
    expect(scraped).toMatchObject({ complete: 1, incomplete: 0 });
  });
});

describe('an announce', () => {
  test('passes each offer to one other member, and its answer back, once', async () => {
    const { url } = await startServer();
    const [first, second] = await Promise.all([new RawTrackerClient(trackerUrl(url)).open(), new RawTrackerClient(trackerUrl(url)).open()]);
    await first.announce({ left: 0 });
    const mine = offer('an offer');
    expect(await second.announce({ offers: [mine] })).toEqual({
      action: 'announce',
      interval: 60,
      info_hash: binary(INFO_HASH),
      complete: 1,
      incomplete: 1,
    });
    expect(await first.frames.take()).toEqual({
      action: 'announce',
      offer: { type: 'offer', sdp: 'an offer' },
      offer_id: mine.offer_id,
      peer_id: binary(second.peerId),
      info_hash: binary(INFO_HASH),
    });
    const answer = {
      action: 'announce',
      info_hash: binary(INFO_HASH),
      peer_id: binary(first.peerId),
      to_peer_id: binary(second.peerId),
      offer_id: mine.offer_id,
      answer: { type: 'answer', sdp: 'an answer' },
    };
    first.say(answer);
    expect(await second.frames.take()).toMatchObject({ answer: { type: 'answer', sdp: 'an answer' }, peer_id: binary(first.peerId) });
    first.say(answer);
    first.say({ ...answer, offer_id: offer().offer_id });
    await first.announce();
    expect(second.frames.pending).toEqual([]);
  });

  test('introduces no seeder to a seeder, and forgets who stops or goes', async () => {
    const server = await startServer();
    const { url } = server;
    const [first, second] = await Promise.all([new RawTrackerClient(trackerUrl(url)).open(), new RawTrackerClient(trackerUrl(url)).open()]);
    await first.announce({ left: 0 });
    expect(await second.announce({ left: 0, offers: [offer()] })).toMatchObject({ complete: 2, incomplete: 0 });
    expect(first.frames.pending).toEqual([]);
    first.say({ action: 'announce', info_hash: binary(INFO_HASH), peer_id: binary(first.peerId), event: 'stopped' });
    expect(await second.announce({ left: 1 })).toMatchObject({ complete: 0, incomplete: 1 });
    second.socket.close();
    await expect.poll(() => server.counts()).toMatchObject({ swarms: 0, members: 0, connections: 1 });
  });

  test('does not meet the native swarm of the same name, whose messages have another form', async () => {
    const { url } = await startServer();
    const { join } = await import('./test-peer');
    const native = await join(url);
    const client = await new RawTrackerClient(trackerUrl(url)).open();
    const { SWARM } = await import('./test-peer');
    await client.announce({ info_hash: binary(SWARM), offers: [offer()] });
    expect(native.relayed.pending).toEqual([]);
  });
});

test('a connection that makes up peer ids is refused beyond twenty, and leaves nothing behind', async () => {
  const server = await startServer();
  const client = await new RawTrackerClient(trackerUrl(server.url)).open();
  for (let made = 0; made < 20; made++) {
    expect(await client.announce({ peer_id: binary(randomBytes(20).toString('hex')) })).toMatchObject({ interval: 60 });
  }
  expect(await client.announce({ peer_id: binary(randomBytes(20).toString('hex')) })).toMatchObject({
    'failure reason': expect.any(String),
  });
  client.socket.close();
  await expect.poll(() => server.counts()).toEqual({ connections: 0, swarms: 0, members: 0 });
});

describe('a private server', () => {
  test('takes its token from the address', async () => {
    const { url } = await startServer({ ACCESS_TOKENS: 'a shared secret that is long' });
    const good = new RawTrackerClient(`${trackerUrl(url)}?token=a%20shared%20secret%20that%20is%20long`);
    await good.open();
    expect(await good.announce()).toMatchObject({ interval: 60 });
    const bad = await new RawTrackerClient(trackerUrl(url)).open();
    expect(await bad.frames.take()).toMatchObject({ 'failure reason': expect.stringContaining('access token') });
    expect(await bad.closed).toBe(1008);
  });

  test('serves certain films only', async () => {
    const { url } = await startServer({ SWARM_ALLOW_LIST: INFO_HASH });
    const client = await new RawTrackerClient(trackerUrl(url)).open();
    expect(await client.announce()).toMatchObject({ interval: 60 });
    expect(await client.announce({ info_hash: binary('e5'.repeat(20)) })).toMatchObject({
      'failure reason': expect.stringContaining('certain films'),
    });
  });
});

describe('malformed messages', () => {
  test.each([
    ['an offer that is none', { offers: [null] }],
    ['eleven offers', { offers: Array.from({ length: 11 }, () => offer()) }],
    ['an info hash that is no text', { info_hash: {} }],
    ['an info hash of other letters', { info_hash: '\u{1f3a5}'.repeat(10) }],
    ['an info hash that is too long', { info_hash: 'x'.repeat(21) }],
    ['an event there is not', { event: 'exploded' }],
    ['a description that is too long', { offers: [offer('x'.repeat(70_000))] }],
    ['a scrape of everything', { action: 'scrape', info_hash: undefined }],
  ])('%s: a failure with a reason', async (_, fields) => {
    const { url } = await startServer();
    const client = await new RawTrackerClient(trackerUrl(url)).open();
    expect(await client.announce(fields)).toMatchObject({ 'failure reason': expect.stringMatching(/^The message is/) });
    expect(await client.announce()).toMatchObject({ interval: 60 });
  });

  test('anything at all: the server lives on and keeps nothing', async () => {
    const server = await startServer({ POINTS_PER_CONNECTION: '1000000', POINTS_PER_ADDRESS: '10000000' });
    const client = await new RawTrackerClient(trackerUrl(server.url)).open();
    const spoilt = fc
      .tuple(
        fc.constantFrom(
          'action',
          'info_hash',
          'peer_id',
          'offers',
          'numwant',
          'left',
          'event',
          'answer',
          'to_peer_id',
          'offer_id',
          '__proto__',
        ),
        fc.jsonValue(),
      )
      .map(([name, value]): object => ({
        action: 'announce',
        info_hash: binary(INFO_HASH),
        peer_id: binary(client.peerId),
        [name]: value,
      }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), spoilt), async (frame) => {
        client.socket.send(JSON.stringify(frame));
        client.say({ action: 'scrape', info_hash: binary(INFO_HASH) });
        expect(await client.frames.take(({ action }) => action === 'scrape')).toHaveProperty('files');
      }),
      { numRuns: 500 },
    );
    client.socket.close();
    await expect.poll(() => server.counts()).toEqual({ connections: 0, swarms: 0, members: 0 });
  });
});
