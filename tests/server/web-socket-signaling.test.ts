import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { readClientFrame, type ClientFrame } from '@/src/protocol/web-socket-frames';
import { Mailbox } from './mailbox';
import { expectRefusal, newOfferId, newPeerId, SWARM, TestPeer } from './test-peer';
import { notice } from '@/src/protocol/notice';

/** A server that says what the test wants: `react` gets every frame of the client. */
async function startPuppet(react: (frame: ClientFrame | undefined, socket: WebSocket) => void, port = 0) {
  const server = new WebSocketServer({ host: '127.0.0.1', port, path: '/ws' });
  await once(server, 'listening');
  const connections = new Mailbox<WebSocket>();
  server.on('connection', (socket) => {
    connections.put(socket);
    socket.on('message', (frame: Buffer) => react(readClientFrame(frame.toString()), socket));
  });
  const stop = (): void => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
  onTestFinished(stop);
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`, connections, stop };
}

function acknowledge(socket: WebSocket, frame: ClientFrame | undefined, payload: unknown): void {
  socket.send(JSON.stringify({ type: 'ack', id: frame?.id, payload }));
}

const NOBODY = { peers: [], intervalSeconds: 30 };

test('G8: an announce goes out as one frame, and its acknowledgement is the answer', async () => {
  const frames: (ClientFrame | undefined)[] = [];
  const someone = newPeerId();
  const { url } = await startPuppet((frame, socket) => {
    frames.push(frame);
    acknowledge(socket, frame, { peers: [{ peerId: someone }], intervalSeconds: 30 });
  });
  const peer = await new TestPeer(url).connect();
  expect(await peer.announce()).toEqual({ peers: [{ peerId: someone }], intervalSeconds: 30 });
  expect(frames).toEqual([
    { type: 'announce', id: 0, payload: { swarmId: SWARM, peerId: peer.peerId, resumeToken: peer.resumeToken, want: 0 } },
  ]);
});

test('what the server passes on reaches who listens, and what is malformed reaches nobody', async () => {
  const from = newPeerId();
  const relayed = { from, swarmId: SWARM, offerId: newOfferId(), sealed: 'abc' };
  const { url, connections } = await startPuppet(() => undefined);
  const peer = await new TestPeer(url).connect();
  const socket = await connections.take();
  for (const payload of [null, {}, { ...relayed, from: 'x' }, { ...relayed, sealed: '!' }, relayed])
    socket.send(JSON.stringify({ type: 'offer', payload }));
  socket.send('{');
  socket.send(JSON.stringify({ type: 'ack', id: 99, payload: {} }));
  socket.send(JSON.stringify({ type: 'peer-left', payload: { swarmId: SWARM, peerId: from } }));
  expect(await peer.left.take()).toEqual({ swarmId: SWARM, peerId: from });
  expect(peer.relayed.pending).toEqual([['offer', relayed]]);
});

test('an error of the server is the error of the call', async () => {
  const { url } = await startPuppet((frame, socket) => acknowledge(socket, frame, { error: { code: 'swarm-limit', message: 'full' } }));
  const peer = await new TestPeer(url).connect();
  await expectRefusal(peer.announce(), 'swarm-limit');
});

test('an answer that no server of ours gives is a failed call', async () => {
  const { url } = await startPuppet((frame, socket) => acknowledge(socket, frame, { peers: 'many' }));
  const peer = await new TestPeer(url).connect();
  await expectRefusal(peer.announce(), 'unreachable');
});

test.each(['x'.repeat(200_000), Buffer.from('{}')])('an oversized or a binary frame ends the connection', async (frame) => {
  const { url, connections } = await startPuppet(() => undefined);
  const peer = await new TestPeer(url).connect();
  (await connections.take()).send(frame);
  const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
  expect(status).toMatchObject({ reason: { name: 'connectionLost' } });
});

test('a lost connection rejects what waits, and is made again', async () => {
  const { url, connections, stop } = await startPuppet(() => undefined);
  const peer = await new TestPeer(url).connect();
  await connections.take();
  const refused = expectRefusal(peer.announce(), 'unreachable');
  stop();
  await refused;
  const { host, port } = new URL(url);
  expect(await peer.statuses.take(({ kind }) => kind === 'unreachable')).toEqual({
    kind: 'unreachable',
    reason: notice('connectionLost', { host }),
  });
  await startPuppet((frame, socket) => acknowledge(socket, frame, NOBODY), Number(port));
  await peer.statuses.take(({ kind }) => kind === 'connected');
  expect(await peer.announce()).toEqual(NOBODY);
});

test('where nothing answers, the reason says so', async () => {
  const { url, stop } = await startPuppet(() => undefined);
  stop();
  const peer = new TestPeer(url);
  peer.client.connect();
  const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
  expect(status).toMatchObject({ reason: { name: 'noSignalingServer' } });
});

test('G9: a token is the first thing said, and only once it is accepted anything else', async () => {
  const frames: (ClientFrame | undefined)[] = [];
  const { url } = await startPuppet((frame, socket) => {
    frames.push(frame);
    acknowledge(socket, frame, frame?.type === 'auth' ? { ok: true } : NOBODY);
  });
  const peer = await new TestPeer(url, 'open sesame').connect();
  await peer.announce();
  expect(frames.map((frame) => frame?.type)).toEqual(['auth', 'announce']);
  expect(frames[0]?.payload).toEqual({ token: 'open sesame' });
});

test('a token that is refused is said to be', async () => {
  const { url } = await startPuppet((frame, socket) => acknowledge(socket, frame, { error: { code: 'unauthorized', message: 'expired' } }));
  const peer = new TestPeer(url, 'stale');
  peer.client.connect();
  const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
  expect(status).toMatchObject({ reason: { name: 'tokenRefused' } });
});

test('calls beyond 500 that wait are refused at once', async () => {
  const { url } = await startPuppet(() => undefined);
  const peer = await new TestPeer(url).connect();
  const waiting = Array.from({ length: 500 }, () => peer.announce().catch((error: unknown) => error));
  await expect(peer.announce()).rejects.toThrow('overburdened');
  peer.stop();
  expect(await Promise.all(waiting)).toHaveLength(500);
});
