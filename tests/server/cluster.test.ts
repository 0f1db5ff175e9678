import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '@/signaling-server/src/config';
import type { SignalingServer } from '@/signaling-server/src/create-server';
import { startScript } from '@/tests/support/child-process';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';
import { startRedisServer, type RedisServer } from '@/tests/support/redis-server';
import { StockPeer, untilTaken } from '@/tests/support/stock-peer';
import { addressOf, expectMeeting, expectRefusal, join, newOfferId, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';

/** Several servers that are one, over a real Redis. */

let redis: RedisServer | undefined;

afterEach(async () => {
  await redis?.stop();
  redis = undefined;
});

async function startNodes(password?: string): Promise<{ redis: RedisServer; nodes: [SignalingServer, SignalingServer] }> {
  redis = await startRedisServer(password);
  const node = (): Promise<SignalingServer> => startServer({ REDIS_URL: redis?.url ?? '', LOG_LEVEL: 'silent' });
  return { redis, nodes: [await node(), await node()] };
}

function trackerOf({ url }: { readonly url: string }): string {
  return `${url.replace('http', 'ws')}/announce`;
}

/** Until a node knows so many members, its own and others. */
async function untilMembers(node: SignalingServer, members: number): Promise<void> {
  await expect.poll(() => node.counts().members, { timeout: 30_000, interval: 20 }).toBe(members);
}

describe.each([
  ['socket.io', 'ws'],
  ['ws', 'socket.io'],
])('a viewer by %s at one node and a seeder by %s at another', (viewerBy, seederBy) => {
  test('meet, negotiate, and hear of each other’s departure', async () => {
    const { nodes } = await startNodes();
    const seeder = await join(addressOf(nodes[1], seederBy));
    await untilMembers(nodes[0], 1);
    const viewer = await new TestPeer(addressOf(nodes[0], viewerBy)).connect();
    await expectMeeting(viewer, seeder);
    await untilMembers(nodes[0], 1);
  });
});

test('WebTorrent clients at the trackers of two nodes: one seeds, one takes it all', async () => {
  const { nodes } = await startNodes();
  const film = fakeFilm(300_000);
  const info = describeFilm(film, 64 * 1024);
  const seeder = await StockPeer.start(info, trackerOf(nodes[0]), film);
  onTestFinished(() => seeder.close());
  await untilMembers(nodes[1], 1);
  const leecher = await untilTaken(() => StockPeer.start(info, trackerOf(nodes[1])));
  onTestFinished(() => leecher.close());
});

test('nodes meet at a Redis that asks for a password, and not with a wrong one', async () => {
  const { redis: server, nodes } = await startNodes('of Redis: ü%');
  const [here, there] = await Promise.all([join(nodes[0].url), join(nodes[1].url)]);
  await Promise.all(nodes.map((node) => untilMembers(node, 2)));
  await here.relay('offer', there, newOfferId());
  expect(await there.relayed.take()).toMatchObject(['offer', { from: here.peerId }]);
  const stranger = await startServer({ REDIS_URL: server.url.replace(/:[^:@]*@/, ':wrong@'), LOG_LEVEL: 'silent' });
  await join(stranger.url);
  expect(await (await fetch(`${stranger.url}/ready`)).json()).toEqual({ status: 'ready, without Redis' });
});

test('who comes back at another node keeps its peer id, by its resume token alone', async () => {
  const { nodes } = await startNodes();
  const peer = await join(nodes[0].url);
  await untilMembers(nodes[1], 1);
  const { peerId, resumeToken } = peer;
  const thief = await new TestPeer(nodes[1].url).connect();
  await expectRefusal(thief.announce({ peerId }), 'peer-id-taken');
  const again = await new TestPeer(nodes[1].url).connect();
  await again.announce({ peerId, resumeToken });
  // It is told through the other node now: the old connection hears nothing more.
  await expect
    .poll(async () => {
      const caller = await new TestPeer(nodes[0].url).connect();
      await caller.announce();
      await caller.client.relay('offer', { to: peerId, swarmId: SWARM, offerId: newOfferId(), sealed: 'x' });
      caller.stop();
      return again.relayed.pending.length;
    })
    .toBeGreaterThan(0);
});

test('a node that is killed: its members are gone from the other, and serve again once they come there', async () => {
  redis = await startRedisServer();
  const other = await startServer({ REDIS_URL: redis.url, LOG_LEVEL: 'silent' });
  const child = startScript('signaling-server/src/main.ts', [], { env: { PORT: '0', LOG_LEVEL: 'silent', REDIS_URL: redis.url } });
  const [, url = ''] = await child.waitForLine(/listening on (http:\S+)/);
  const first = await join(url);
  const second = await join(other.url);
  await untilMembers(other, 2);
  await child.kill();
  const again = await new TestPeer(other.url).connect();
  const { peerId, resumeToken } = first;
  await again.announce({ peerId, resumeToken });
  const offerId = newOfferId();
  await second.client.relay('offer', { to: peerId, swarmId: SWARM, offerId, sealed: 'x' });
  expect(await again.relayed.take()).toMatchObject(['offer', { from: second.peerId }]);
  again.stop();
  await untilMembers(other, 1);
});

test('a node that stops in order: its members are gone from the other at once, without waiting for its silence', async () => {
  redis = await startRedisServer();
  const environment = { REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  const stopping = await startServer(environment);
  // To this one no time passes: nobody is ever silent for too long.
  const other = await startServer(environment, { nowMs: () => 0, random: Math.random });
  await join(stopping.url);
  await join(addressOf(stopping, 'ws'));
  await join(other.url);
  await untilMembers(other, 3);
  await stopping.close();
  await untilMembers(other, 1);
  // Nor does anything it says of those who then leave bring it back.
  expect(await (await fetch(`${other.url}/metrics`)).text()).toMatch(/^lodestream_other_nodes 0$/m);
});

test('Redis that goes away: each node serves its own; once it is back they find each other again', async () => {
  const { redis: server, nodes } = await startNodes();
  const [here, there] = await Promise.all([join(nodes[0].url), join(nodes[1].url)]);
  await Promise.all(nodes.map((node) => untilMembers(node, 2)));
  await server.kill();
  const neighbour = await new TestPeer(nodes[0].url).connect();
  await neighbour.announce();
  const offerId = newOfferId();
  await neighbour.relay('offer', here, offerId);
  expect(await here.relayed.take()).toMatchObject(['offer', { from: neighbour.peerId }]);
  expect(await (await fetch(`${nodes[0].url}/ready`)).json()).toEqual({ status: 'ready, without Redis' });
  await untilMembers(nodes[1], 1);

  const backAtMs = performance.now();
  await server.restart();
  await Promise.all(nodes.map((node) => untilMembers(node, 3)));
  console.log(`healed ${Math.round(performance.now() - backAtMs)} ms after Redis was started`);
  await there.relay('offer', neighbour, offerId);
  expect(await neighbour.relayed.take()).toMatchObject(['offer', { from: there.peerId }]);
});

test.each(['localhost:6379', 'http://127.0.0.1:6379', 'redis:'])('REDIS_URL=%s is refused with a sentence', (url) => {
  expect(() => readConfig({ REDIS_URL: url })).toThrow('REDIS_URL must be redis://host:port');
});
