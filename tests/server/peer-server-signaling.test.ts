import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { peerServerId, PEER_SERVER_SLOTS } from '@/src/protocol/peer-server-messages';
import { startPeerServer } from '@/tests/support/peer-server';
import { expectRefusal, newOfferId, newOffers, SWARM, TestPeer } from './test-peer';

async function broker() {
  const server = await startPeerServer();
  onTestFinished(() => server.close());
  return server;
}

/** Takes a slot, as anybody can. */
async function squat(url: string, slot: number): Promise<WebSocket> {
  const address = `${url.replace('peerjs:', 'ws:')}/peerjs?key=peerjs&id=${peerServerId(SWARM, slot)}&token=squatter`;
  const socket = new WebSocket(address);
  onTestFinished(() => socket.terminate());
  await once(socket, 'message');
  return socket;
}

test('G10: a newcomer meets who is there, and its offer, the answer and candidates arrive', async () => {
  const { url } = await broker();
  const first = await new TestPeer(url).connect();
  expect((await first.announce()).peers).toEqual([]);
  const second = await new TestPeer(url).connect();
  const offer = { offerId: newOfferId(), sealed: 'sealed-offer' };
  const { peers } = await second.announce({ want: 1, offers: [offer] });
  expect(peers).toEqual([{ peerId: first.peerId, offerId: offer.offerId }]);
  expect(await first.relayed.take()).toEqual(['offer', { ...offer, swarmId: SWARM, from: second.peerId }]);
  for (const kind of ['answer', 'ice-candidate'] as const) {
    await first.relay(kind, second, offer.offerId);
    expect(await second.relayed.take()).toMatchObject([kind, { from: first.peerId, sealed: `sealed-${kind}` }]);
  }
});

test('whom the newcomer has already gets no offer', async () => {
  const { url } = await broker();
  const first = await new TestPeer(url).connect();
  await first.announce();
  const second = await new TestPeer(url).connect();
  expect((await second.announce({ want: 1, offers: newOffers(1), skip: [first.peerId] })).peers).toEqual([]);
});

test('a probe that waited for an empty slot names nobody twice', async () => {
  const { url } = await broker();
  const first = await new TestPeer(url).connect();
  // Its probes of the seven empty slots wait at the broker, for seconds.
  await first.announce();
  const second = await new TestPeer(url).connect();
  const meeting = await second.announce({ want: 2, offers: newOffers(2) });
  expect(meeting.peers).toHaveLength(1);
  await first.relayed.take();
  expect((await first.announce({ want: 2, offers: newOffers(2) })).peers).toHaveLength(1);
  expect(first.relayed.pending).toEqual([]);
});

test('a slot that is taken is passed over', async () => {
  const { url } = await broker();
  await squat(url, 0);
  await squat(url, 1);
  const first = await new TestPeer(url).connect();
  await first.announce();
  const second = await new TestPeer(url).connect();
  expect((await second.announce()).peers).toEqual([{ peerId: first.peerId }]);
});

test('where all slots are taken the reason says so', async () => {
  const { url } = await broker();
  await Promise.all(Array.from({ length: PEER_SERVER_SLOTS }, (_, slot) => squat(url, slot)));
  const peer = new TestPeer(url);
  peer.client.connect();
  const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
  expect(status).toMatchObject({ reason: { name: 'peerServerFull', values: { count: 8 } } });
});

test('rubbish from another slot reaches nobody', async () => {
  const { url } = await broker();
  const squatter = await squat(url, 7);
  const peer = await new TestPeer(url).connect();
  await peer.announce();
  const message = { from: peer.peerId, swarmId: SWARM, offerId: peer.peerId, sealed: 'abc' };
  const dst = peerServerId(SWARM, 0);
  for (const payload of [
    null,
    'x',
    { kind: 'here' },
    { kind: 'offer', message: null },
    { kind: 'offer', message: { ...message, sealed: '!' } },
  ])
    squatter.send(JSON.stringify({ type: 'OFFER', dst, payload }));
  squatter.send(JSON.stringify({ type: 'OFFER', dst, payload: { kind: 'offer', message } }));
  expect(await peer.relayed.take()).toEqual(['offer', message]);
});

test('where nothing answers the reason says so, and calls are refused', async () => {
  const server = await startPeerServer();
  await server.close();
  const peer = new TestPeer(server.url);
  peer.client.connect();
  const status = await peer.statuses.take(({ kind }) => kind === 'unreachable');
  expect(status).toMatchObject({ reason: { name: 'noPeerServer' } });
  await expectRefusal(peer.client.relay('answer', { to: peer.peerId, swarmId: SWARM, offerId: newOfferId(), sealed: 'x' }), 'unknown-peer');
});
