import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SignalingServer } from '@/signaling-server/src/create-server';
import { enterRaw } from './raw-client';
import { newPeerId, SWARM } from './test-peer';
import { startServer } from './test-server';

/** What the server says by itself waits in its memory, too, for a client that goes on asking and does not read. */

const HOST = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.org`;
/** Answers much longer than what asks for them: the network has room for some megabytes before anything waits. */
const TALKATIVE = {
  POINTS_PER_CONNECTION: '1000000',
  POINTS_PER_ADDRESS: '10000000',
  MAX_BACKLOG_BYTES: '65536',
  TURN_URLS: [3478, 3479, 3480, 3481].map((port) => `turn:${HOST}:${port}`).join(','),
  TURN_SECRET: 'the secret of coturn',
  TURN_FOR_EVERYONE: 'yes',
};
const AT_ONCE = 100;
const ENOUGH = 40_000;

const ANNOUNCE = { swarmId: SWARM, peerId: newPeerId(), resumeToken: '0'.repeat(64), want: 0, offers: [], skip: [] };
const SCRAPE = { action: 'scrape', info_hash: Array.from({ length: 50 }, (_, number) => `${number}`.padStart(20, '\u0001')) };

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  // Every failure ends in its close.
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

/** Asks again and again, and reads nothing, until the server has had enough. */
async function expectCut(server: SignalingServer, socket: WebSocket, ask: (socket: WebSocket, sent: () => void) => void): Promise<void> {
  const closed = new Promise<number>((onClosed) => socket.once('close', onClosed));
  socket.pause();
  for (let asked = 0; asked < ENOUGH && server.counts().connections > 0; asked += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => new Promise<void>((sent) => ask(socket, sent))));
  }
  await expect.poll(() => server.counts(), { timeout: 20_000, interval: 20 }).toEqual({ connections: 0, swarms: 0, members: 0 });
  socket.resume();
  // Not by a closing handshake: that would wait for the client to read.
  expect(await closed).toBe(1006);
}

test.each([
  ['ws, by acknowledgements', '/ws', { type: 'announce', id: 1, payload: ANNOUNCE }],
  ['the tracker, by its answers', '/announce', SCRAPE],
])('a client of %s, that does not read is cut before it fills the memory', async (_, path, question) => {
  const server = await startServer(TALKATIVE);
  const text = JSON.stringify(question);
  await expectCut(server, await open(`${server.url}${path}`), (socket, sent) => socket.send(text, sent));
});

test('a client of Socket.IO, by acknowledgements, that does not read is cut before it fills the memory', async () => {
  const server = await startServer(TALKATIVE);
  const { socket } = await enterRaw(server.url);
  const text = `420${JSON.stringify(['announce', ANNOUNCE])}`;
  await expectCut(server, socket, (_, sent) => socket.send(text, sent));
});
