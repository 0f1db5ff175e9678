import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { readConfig } from '@/signaling-server/src/config';
import { createSignalingServer } from '@/signaling-server/src/create-server';
import { Mailbox } from './mailbox';
import { expectRefusal, join, newOfferId, newPeerId, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';
import { notice } from '@/src/protocol/notice';

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const HANDSHAKE = '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}';

/** A server that says what the test wants: `react` gets every frame of the client. */
async function startPuppet(
  onOpen: readonly (string | Buffer)[],
  react: (frame: string, socket: WebSocket) => void = () => undefined,
): Promise<string> {
  const http = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    for (const frame of onOpen) socket.send(frame);
    socket.on('message', (frame: Buffer) => react(frame.toString(), socket));
  });
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
  });
  return listen(http);
}

describe('when there is nothing to reach', () => {
  test('a dead port is reported as unreachable with a sentence', async () => {
    const port = await freePort();
    const peer = new TestPeer(`http://127.0.0.1:${port}`);
    peer.client.connect();
    expect(peer.client.status).toEqual({ kind: 'connecting' });
    await peer.statuses.take();
    expect(await peer.statuses.take()).toEqual({
      kind: 'unreachable',
      reason: notice('noSignalingServer', { host: `127.0.0.1:${port}` }),
    });
    await expectRefusal(peer.announce(), 'unreachable');
  });

  test('a web server that is no signaling server is named as such', async () => {
    const url = await listen(createServer((_request, response) => response.end('<h1>My home page</h1>')));
    const peer = new TestPeer(url);
    peer.client.connect();
    const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
    expect(status).toMatchObject({ reason: { name: 'notSignalingServer' } });
  });

  test('a full server is named as such', async () => {
    const { url } = await startServer({ MAX_CONNECTIONS: '1' });
    await join(url);
    const peer = new TestPeer(url);
    peer.client.connect();
    const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
    expect(status).toMatchObject({ reason: { name: 'serverFull' } });
  });

  test('an address with too many connections is told so', async () => {
    const { url } = await startServer({ MAX_CONNECTIONS_PER_ADDRESS: '1' });
    await join(url);
    const peer = new TestPeer(url);
    peer.client.connect();
    const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
    expect(status).toMatchObject({ reason: { name: 'networkLimited' } });
  });

  test.each(['', 'signal.example.org', 'ftp://signal.example.org', 'file:///etc/passwd'])('%j is refused as an address', (url) => {
    const peer = new TestPeer(url);
    peer.client.connect();
    expect(peer.client.status).toMatchObject({
      kind: 'unreachable',
      reason: { name: 'signalingAddress' },
    });
  });
});

describe('connecting', () => {
  test('nothing reaches the server before connect is called', async () => {
    const server = createServer((_request, response) => response.end());
    let connections = 0;
    server.on('connection', () => connections++);
    const url = await listen(server);
    const peer = new TestPeer(url);
    peer.client.leave(SWARM);
    await expectRefusal(peer.announce(), 'unreachable');
    await fetch(url, { headers: { connection: 'close' } });
    expect(connections).toBe(1);
    expect(peer.client.status).toEqual({ kind: 'idle' });
  });

  test('addresses of WebSockets and with a trailing slash lead to the same server', async () => {
    const { url } = await startServer();
    await join(url.replace('http:', 'ws:'));
    await join(`${url}/`);
    await expect(join(`${url}/?query#fragment`)).resolves.toBeInstanceOf(TestPeer);
  });

  test('a lost server is said to be lost, and found again when it is back on its port', async () => {
    const first = await createSignalingServer(readConfig({ PORT: '0', LOG_LEVEL: 'error' }));
    const peer = await join(first.url);
    await first.close();
    const lost = await peer.statuses.take(({ kind }) => kind === 'unreachable');
    expect(lost).toEqual({ kind: 'unreachable', reason: notice('connectionLost', { host: `127.0.0.1:${first.port}` }) });
    const second = await startServer({ PORT: String(first.port) });
    await peer.statuses.take(({ kind }) => kind === 'connected');
    await peer.announce();
    expect(second.counts()).toEqual({ connections: 1, swarms: 1, members: 1 });
  });

  test('connect does not wait for the next try', async () => {
    const port = await freePort();
    const peer = new TestPeer(`http://127.0.0.1:${port}`);
    peer.client.connect();
    await peer.statuses.take(({ kind }) => kind === 'unreachable');
    await startServer({ PORT: String(port) });
    peer.client.connect();
    expect(peer.client.status).toEqual({ kind: 'connecting' });
    await peer.statuses.take(({ kind }) => kind === 'connected');
  });

  test('an access token goes with the handshake, and a server that does not accept it is said to be private', async () => {
    const handshakes = new Mailbox<string>();
    const url = await startPuppet([HANDSHAKE], (frame, socket) => {
      handshakes.put(frame);
      socket.send('44{"message":"unauthorized","data":{"code":"unauthorized","message":"expired"}}');
    });
    const peer = new TestPeer(url, 'open sesame');
    peer.client.connect();
    expect(await handshakes.take()).toBe('40{"token":"open sesame"}');
    const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
    expect(status).toMatchObject({ reason: { name: 'tokenRefused' } });
  });

  test('after the abort the connection is closed, and calls are refused', async () => {
    const closed = new Mailbox<string>();
    const url = await startPuppet([HANDSHAKE], (frame, socket) => {
      if (frame !== '40') return;
      socket.on('close', () => closed.put('closed'));
      socket.send('40{"sid":"b"}');
    });
    const peer = await new TestPeer(url).connect();
    peer.stop();
    expect(await closed.take()).toBe('closed');
    await expectRefusal(peer.announce(), 'unreachable');
    peer.client.connect();
    expect(peer.client.status).toEqual({ kind: 'idle' });
  });

  test('a call in flight when the connection goes is refused', async () => {
    const url = await startPuppet([HANDSHAKE], (frame, socket) => {
      if (frame === '40') socket.send('40{"sid":"b"}');
      else if (frame.startsWith('42')) socket.terminate();
    });
    const peer = await new TestPeer(url).connect();
    await expectRefusal(peer.announce(), 'unreachable');
  });
});

describe('a hostile server', () => {
  test.each([
    ['a handshake that is no JSON', '0not json'],
    ['an empty handshake', '0null'],
    ['a handshake without its list', '0{}'],
    ['a binary frame', Buffer.from([1, 2, 3])],
    ['an unknown frame', '9'],
  ])('%s is a failed try and nothing more', async (_what, frame) => {
    const peer = new TestPeer(await startPuppet([frame]));
    peer.client.connect();
    expect((await peer.statuses.take(({ kind }) => kind === 'unreachable')).kind).toBe('unreachable');
  });

  test.each([
    ['a refusal without data', '44'],
    ['a refusal that is a text', '44"x"'],
    ['a welcome without an id', '40'],
    ['a welcome with an empty id', '40{"sid":""}'],
    ['an acknowledgement without data', '430'],
    ['an announced attachment', '451-["offer",{"_placeholder":true,"num":0}]'],
    ['an empty packet', '4'],
    ['an event of the library', '42["connect"]'],
    ['a frame over the limit', `42["${'x'.repeat(140_000)}"]`],
  ])('%s instead of a welcome is a failed try and nothing more', async (_what, packet) => {
    const peer = new TestPeer(await startPuppet([HANDSHAKE, packet]));
    peer.client.connect();
    expect((await peer.statuses.take(({ kind }) => kind === 'unreachable')).kind).toBe('unreachable');
  });

  test('one that takes the connection and then says nothing is given up after ten seconds, at the welcome as at a call', async () => {
    const silent = new TestPeer(await startPuppet(['42["offer",{}]']));
    silent.client.connect();
    const welcoming = await startPuppet([HANDSHAKE], (frame, socket) => {
      if (frame === '40') socket.send('40{"sid":"b"}');
    });
    const peer = await new TestPeer(welcoming).connect();
    await expectRefusal(peer.announce(), 'unreachable');
    expect(await silent.statuses.take(({ kind }) => kind === 'unreachable')).toHaveProperty('reason');
  });

  test('malformed events are ignored, and those of the right form still arrive', async () => {
    const good = { from: newPeerId(), swarmId: SWARM, offerId: newOfferId(), sealed: 'x' };
    const events = [
      ['offer'],
      ['offer', null],
      ['offer', { ...good, from: 'me' }],
      ['offer', { ...good, sealed: 'x'.repeat(100_000) }],
      ['answer', { ...good, extra: 1 }],
      ['peer-left', { swarmId: SWARM }],
      ['unknown', good],
      ['error', 'x'],
      ['answer', good],
    ];
    const url = await startPuppet([HANDSHAKE], (frame, socket) => {
      if (frame !== '40') return;
      socket.send('40{"sid":"b"}');
      for (const event of events) socket.send(`42${JSON.stringify(event)}`);
    });
    const peer = await new TestPeer(url).connect();
    expect(await peer.relayed.take()).toEqual(['answer', good]);
    expect(peer.left.pending).toEqual([]);
  });

  test.each([
    'null',
    '',
    '{}',
    '{"ok":true}',
    '{"error":{"code":"no-such-code","message":"x"}}',
    '{"peers":[{"peerId":"x"}],"intervalSeconds":60}',
  ])('the acknowledgement %j is refused', async (acknowledgement) => {
    const url = await startPuppet([HANDSHAKE], (frame, socket) => {
      if (frame === '40') socket.send('40{"sid":"b"}');
      const id = /^42(\d+)/.exec(frame)?.[1];
      if (id !== undefined) socket.send(`43${id}[${acknowledgement}]`);
    });
    const peer = await new TestPeer(url).connect();
    await expectRefusal(peer.announce(), 'unreachable');
  });
});
