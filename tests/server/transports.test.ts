import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { signToken } from '@/signaling-server/src/access';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import type { InfoHash } from '@/src/protocol/ids';
import { addressOf, expectMeeting, expectRefusal, join, OTHER_SWARM, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';
import { Mailbox } from './mailbox';

/** What both transports of the native protocol have in common, and what is said between them. */

const TOKEN = 'a shared secret that is long';
const SECRET = 'the secret that signs all tokens of this test';
const INFO_HASH = 'c3'.repeat(20) as InfoHash;

/** A plain WebSocket that says and hears text. */
class PlainSocket {
  readonly frames = new Mailbox<string>();
  readonly closed: Promise<number>;
  readonly refused: Promise<number>;
  readonly socket: WebSocket;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.closed = new Promise((closed) => this.socket.once('close', closed));
    this.refused = new Promise((refused) =>
      this.socket.once('unexpected-response', (_request, response) => refused(response.statusCode ?? 0)),
    );
    this.socket.on('message', (frame: Buffer) => this.frames.put(frame.toString()));
    this.socket.on('error', () => undefined);
    onTestFinished(() => this.socket.terminate());
  }

  async open(): Promise<this> {
    await new Promise((opened) => this.socket.once('open', opened));
    return this;
  }

  async ask(frame: object): Promise<unknown> {
    this.socket.send(JSON.stringify(frame));
    return JSON.parse(await this.frames.take());
  }
}

describe.each([
  ['socket.io', 'ws'],
  ['ws', 'socket.io'],
  ['ws', 'ws'],
])('a viewer by %s and a seeder by %s', (viewerBy, seederBy) => {
  test('meet, negotiate, and hear of each other’s departure', async () => {
    const { url } = await startServer();
    const seeder = await join(addressOf({ url }, seederBy));
    const viewer = await new TestPeer(addressOf({ url }, viewerBy)).connect();
    await expectMeeting(viewer, seeder);
  });
});

describe.each(['socket.io', 'ws'])('a private server over %s', (transport) => {
  test('takes in who knows a shared token or has one that is signed, and tells others why not', async () => {
    const { url } = await startServer({ ACCESS_TOKENS: `something else entirely,${TOKEN}`, TOKEN_SECRET: SECRET });
    const address = addressOf({ url }, transport);
    for (const token of [TOKEN, await signToken(SECRET, 'a school', 1)]) {
      const peer = await new TestPeer(address, token).connect();
      expect((await peer.announce()).peers).toEqual([]);
      peer.stop();
    }
    const bad = ['a guess of some length', await signToken(SECRET, 'a school', -1), await signToken(`${SECRET}!`, 'a school', 1)];
    for (const token of bad) {
      const peer = new TestPeer(address, token);
      peer.client.connect();
      const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
      expect(status).toMatchObject({ reason: { name: 'tokenRefused' } });
      peer.stop();
    }
  });

  test('does nothing for who shows no token', async () => {
    const server = await startServer({ ACCESS_TOKENS: TOKEN });
    const peer = new TestPeer(addressOf(server, transport));
    peer.client.connect();
    await peer.statuses.take(({ kind }) => kind === 'unreachable' || kind === 'connected');
    await expect(peer.announce()).rejects.toThrow();
    expect(server.counts()).toMatchObject({ swarms: 0, members: 0 });
  });
});

describe('what a server serves', () => {
  test.each(['socket.io', 'ws'])('over %s certain films only, by the name the swarm has', async (transport) => {
    const { url } = await startServer({ SWARM_ALLOW_LIST: INFO_HASH });
    const peer = await new TestPeer(addressOf({ url }, transport)).connect();
    await peer.announce({ swarmId: swarmIdOf(INFO_HASH) });
    await expectRefusal(peer.announce({ swarmId: OTHER_SWARM }), 'swarm-not-allowed');
  });

  test('pages of certain origins only, and programs, which have none', async () => {
    const { url } = await startServer({ ALLOWED_ORIGINS: 'https://films.example.org,chrome-extension://abcdefgh' });
    for (const path of ['/ws', '/announce', '/socket.io/?EIO=4&transport=websocket']) {
      const address = `${url.replace('http', 'ws')}${path}`;
      await new PlainSocket(address, { origin: 'https://films.example.org' }).open();
      await new PlainSocket(address, { origin: 'chrome-extension://abcdefgh' }).open();
      await new PlainSocket(address).open();
      const { refused } = new PlainSocket(address, { origin: 'https://other.example.org' });
      expect([400, 403]).toContain(await refused);
    }
  });

  test('no connection to who is refused, even if it keeps its side open', async () => {
    const { port } = await startServer({ CONNECTS_PER_ADDRESS_PER_MINUTE: '2' });
    const { connect } = await import('node:net');
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const stubborn = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        onTestFinished(() => void stubborn.destroy());
        const closed = new Promise((resolve) => stubborn.once('error', resolve).once('close', resolve));
        let answer = '';
        stubborn.on('data', (data: Buffer) => (answer += data.toString()));
        stubborn.write('GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        // Writing on is how it finds out that nobody reads.
        const timer = setInterval(() => stubborn.write('x'), 20);
        await closed;
        clearInterval(timer);
        return answer.slice(9, 12);
      }),
    );
    expect(answers.toSorted()).toEqual(['404', '404', '429', '429']);
  });

  test('nothing at other paths', async () => {
    const { url } = await startServer();
    expect(await new PlainSocket(`${url.replace('http', 'ws')}/elsewhere`).refused).toBe(404);
  });
});

describe('limits are those of all transports together', () => {
  test('connections of one address', async () => {
    const server = await startServer({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const { url } = server;
    const base = url.replace('http', 'ws');
    const first = await new PlainSocket(`${base}/ws`).open();
    await join(url);
    const third = await new PlainSocket(`${base}/announce`).open();
    expect(JSON.parse(await third.frames.take())).toEqual({
      action: 'announce',
      'failure reason': 'This address has as many connections as it may.',
    });
    await third.closed;
    const fourth = await new PlainSocket(`${base}/ws`).open();
    expect(JSON.parse(await fourth.frames.take())).toMatchObject({ type: 'error', payload: { code: 'rate-limited' } });
    await fourth.closed;
    first.socket.close();
    await first.closed;
    await expect.poll(() => server.counts().connections).toBe(1);
  });

  test('connections in all, and new ones within a minute', async () => {
    const full = await startServer({ MAX_CONNECTIONS: '1' });
    await join(full.url);
    expect(await new PlainSocket(`${full.url.replace('http', 'ws')}/ws`).refused).toBe(503);
    const busy = await startServer({ CONNECTS_PER_ADDRESS_PER_MINUTE: '2' });
    for (let time = 0; time < 2; time++) await new PlainSocket(`${busy.url.replace('http', 'ws')}/ws`).open();
    expect(await new PlainSocket(`${busy.url.replace('http', 'ws')}/announce`).refused).toBe(429);
  });

  test('messages: who goes on after being told to wait is cut', async () => {
    const { url } = await startServer({ POINTS_PER_CONNECTION: '20' });
    const { socket, closed, frames } = await new PlainSocket(`${url.replace('http', 'ws')}/ws`).open();
    for (let id = 0; id < 100; id++) socket.send(JSON.stringify({ type: 'leave', id, payload: { swarmId: SWARM } }));
    expect(await closed).toBe(1008);
    expect(frames.pending.filter((frame) => frame.includes('rate-limited')).length).toBeGreaterThan(0);
  });

  test.each(['leave', 'announce'])('messages: who was told to wait is hardly read, so that others are (%s)', async (type) => {
    const { url } = await startServer({ POINTS_PER_CONNECTION: '20' });
    const { socket, closed } = await new PlainSocket(`${url.replace('http', 'ws')}/ws`).open();
    // Each longer than what is read at a time. The sixtieth is cut.
    for (let id = 0; id < 70; id++) socket.send(JSON.stringify({ type, id, payload: 'x'.repeat(100_000) }));
    const others = async (): Promise<string> => {
      for (let time = 0; time < 100; time++) await (await fetch(`${url}/health`)).text();
      return 'others were heard';
    };
    expect(await Promise.race([closed, others()])).toBe('others were heard');
    socket.terminate();
  });
});

test(
  'a server that goes down tells its clients to come again, and waits for none that does not take leave',
  { timeout: 10_000 },
  async () => {
    const server = await startServer();
    const open = (path: string) => new PlainSocket(`${server.url.replace('http', 'ws')}${path}`).open();
    const paths = ['/ws', '/announce', '/socket.io/?EIO=4&transport=websocket'];
    const clients = await Promise.all(paths.map(open));
    for (const { socket } of await Promise.all(paths.map(open))) socket.pause();
    await expect.poll(() => server.counts().connections).toBe(6);
    await server.close();
    // What Socket.IO says is for its library.
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1012, 1012, 1005]);
    await expect.poll(() => server.counts().connections).toBe(0);
  },
);

describe('a client that is no good', () => {
  test('is told what is wrong with a frame, whatever it is', async () => {
    const { url } = await startServer();
    const plain = await new PlainSocket(`${url.replace('http', 'ws')}/ws`).open();
    for (const frame of ['', '{', 'null', '[]', '{"type":"x"}', '{"type":"announce","id":-1,"payload":{}}', Buffer.from('{}')]) {
      plain.socket.send(frame);
      expect(JSON.parse(await plain.frames.take())).toMatchObject({ type: 'error', payload: { code: 'bad-message' } });
    }
    expect(await plain.ask({ type: 'announce', id: 7, payload: { swarmId: SWARM } })).toMatchObject({
      type: 'ack',
      id: 7,
      payload: { error: { code: 'bad-message', message: 'The message is wrong at peerId.' } },
    });
  });

  test('is cut off when its frame is too long', async () => {
    const { url } = await startServer({ MAX_MESSAGE_BYTES: '4096' });
    for (const path of ['/ws', '/announce']) {
      const { socket, closed } = await new PlainSocket(`${url.replace('http', 'ws')}${path}`).open();
      socket.send('x'.repeat(5000));
      expect(await closed).toBe(1009);
    }
  });

  test('is cut off when its message comes in too many pieces', async () => {
    const { url } = await startServer();
    for (const path of ['/ws', '/announce', '/socket.io/?EIO=4&transport=websocket']) {
      const { socket, closed } = await new PlainSocket(`${url.replace('http', 'ws')}${path}`).open();
      for (let piece = 0; piece < 100; piece++) socket.send('x', { fin: false });
      expect(await closed).toBe(1008);
    }
  });

  test('is forgotten once it answers no ping', async () => {
    const server = await startServer({ PING_INTERVAL_SECONDS: '1', PING_TIMEOUT_SECONDS: '1' });
    for (const path of ['/ws', '/announce']) {
      const { socket } = await new PlainSocket(`${server.url.replace('http', 'ws')}${path}`).open();
      expect(server.counts().connections).toBe(1);
      // It reads nothing any more, so that no pong goes out.
      socket.pause();
      await expect.poll(() => server.counts().connections, { timeout: 20_000 }).toBe(0);
    }
  });

  test('holds nobody up by a request that never ends', async () => {
    const { url, port } = await startServer();
    const { connect } = await import('node:net');
    const slow = connect(port, '127.0.0.1');
    onTestFinished(() => void slow.destroy());
    const ended = new Promise((resolve) => slow.once('close', resolve));
    slow.on('error', () => undefined);
    slow.resume();
    slow.write('GET /ws HTTP/1.1\r\nHost: x\r\n');
    await join(url);
    await ended;
  });
});
