import { describe, expect, test } from 'vitest';
import type { SwarmId } from '@/src/protocol/ids';
import { enterRaw } from './raw-client';
import { expectRefusal, join, newOfferId, newOffers, newPeerId, OTHER_SWARM, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';

function swarm(number: number): SwarmId {
  return String(number).padStart(40, '0') as SwarmId;
}

describe('a peer id', () => {
  test('is not given to another connection without its resume token', async () => {
    const { url } = await startServer();
    const owner = await join(url);
    const thief = await new TestPeer(url).connect();
    await expectRefusal(thief.announce({ peerId: owner.peerId }), 'peer-id-taken');
    const caller = await join(url);
    await caller.relay('offer', owner, newOfferId());
    expect(await owner.relayed.take()).toMatchObject(['offer', { from: caller.peerId }]);
    expect(thief.relayed.pending).toEqual([]);
  });

  test('is taken over with its token: messages go to the new connection, and the end of the old one is no departure', async () => {
    const server = await startServer();
    const old = await join(server.url);
    const caller = await new TestPeer(server.url).connect();
    const offers = newOffers(1);
    await caller.announce({ want: 1, offers });
    const [, { offerId }] = await old.relayed.take();

    const resumed = await new TestPeer(server.url).connect();
    await resumed.announce({ peerId: old.peerId, resumeToken: old.resumeToken });
    await expectRefusal(old.relay('answer', caller, offerId), 'not-announced');
    old.stop();
    await caller.relay('ice-candidate', old, offerId);
    expect(await resumed.relayed.take()).toMatchObject(['ice-candidate', { offerId }]);
    await resumed.relay('answer', caller, offerId);
    expect(await caller.relayed.take()).toMatchObject(['answer', { from: old.peerId, offerId }]);
    expect(caller.left.pending).toEqual([]);
    expect(server.counts()).toMatchObject({ members: 2 });
  });

  test('replaces the one its connection had in the swarm', async () => {
    const server = await startServer();
    const peer = await join(server.url);
    const friend = await join(server.url);
    await peer.relay('offer', friend, newOfferId());
    await peer.announce({ peerId: newPeerId() });
    expect(await friend.left.take()).toEqual({ swarmId: SWARM, peerId: peer.peerId });
    expect(server.counts()).toMatchObject({ members: 2 });
  });

  test('announced again stays one member', async () => {
    const server = await startServer();
    const peer = await join(server.url);
    await peer.announce();
    await peer.announce();
    expect(server.counts()).toEqual({ connections: 1, swarms: 1, members: 1 });
  });
});

describe('who goes', () => {
  test('by leaving is made known to those who met it, and to nobody else', async () => {
    const { url } = await startServer();
    const leaver = await join(url);
    const friend = await join(url);
    const stranger = await join(url);
    await leaver.relay('offer', friend, newOfferId());
    leaver.client.leave(SWARM);
    expect(await friend.left.take()).toEqual({ swarmId: SWARM, peerId: leaver.peerId });
    await expectRefusal(friend.relay('offer', leaver, newOfferId()), 'unknown-peer');
    expect(stranger.left.pending).toEqual([]);
  });

  test('by disconnecting is made known in every swarm it was in', async () => {
    const server = await startServer();
    const friend = await join(server.url);
    await friend.announce({ swarmId: OTHER_SWARM });
    const leaver = await new TestPeer(server.url).connect();
    await leaver.announce({ want: 1, offers: newOffers(1) });
    await leaver.announce({ swarmId: OTHER_SWARM, want: 1, offers: newOffers(1) });
    expect(server.counts()).toEqual({ connections: 2, swarms: 2, members: 4 });
    leaver.stop();
    const swarms = [(await friend.left.take()).swarmId, (await friend.left.take()).swarmId];
    expect(swarms.sort()).toEqual([SWARM, OTHER_SWARM].sort());
    expect(server.counts()).toMatchObject({ swarms: 2, members: 2 });
  });

  test('last takes the swarm along', async () => {
    const server = await startServer();
    const peer = await enterRaw(server.url);
    const announce = { swarmId: SWARM, peerId: newPeerId(), resumeToken: '0'.repeat(64), want: 0 };
    await peer.request('announce', announce);
    expect(server.counts()).toMatchObject({ swarms: 1, members: 1 });
    expect(await peer.request('leave', { swarmId: SWARM })).toEqual({ ok: true });
    expect(server.counts()).toMatchObject({ swarms: 0, members: 0 });
    expect(await peer.request('leave', { swarmId: SWARM })).toMatchObject({ error: { code: 'not-announced' } });
  });
});

describe('limits', () => {
  test('of swarms for one connection, members in a swarm and swarms in all are refused with a code', async () => {
    const { url } = await startServer({ MAX_SWARMS: '3', MAX_SWARMS_PER_CONNECTION: '2', MAX_MEMBERS_PER_SWARM: '2' });
    const first = await new TestPeer(url).connect();
    const second = await new TestPeer(url).connect();
    const third = await new TestPeer(url).connect();
    await first.announce({ swarmId: swarm(1) });
    await first.announce({ swarmId: swarm(2) });
    await expectRefusal(first.announce({ swarmId: swarm(3) }), 'swarm-limit');
    await second.announce({ swarmId: swarm(1) });
    await expectRefusal(third.announce({ swarmId: swarm(1) }), 'swarm-limit');
    await second.announce({ swarmId: swarm(3) });
    await expectRefusal(third.announce({ swarmId: swarm(4) }), 'swarm-limit');
    await first.announce({ swarmId: swarm(1) });
  });
});
