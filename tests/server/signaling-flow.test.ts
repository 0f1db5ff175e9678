import { describe, expect, test } from 'vitest';
import { MAX_OFFERS_PER_ANNOUNCE } from '@/src/protocol/signaling-events';
import { expectRefusal, join, newOfferId, newOffers, newPeerId, OTHER_SWARM, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';

describe('two peers and a server', () => {
  test('G1: an offer on an announce, its answer and candidates of both sides reach the other peer', async () => {
    const { url } = await startServer();
    const seeder = await join(url);
    const viewer = await new TestPeer(url).connect();
    const offers = newOffers(1);
    const offerId = offers[0]?.offerId ?? newOfferId();

    const answer = await viewer.announce({ want: 1, offers });
    expect(answer).toEqual({ peers: [{ peerId: seeder.peerId, offerId }], intervalSeconds: 60 });
    const common = { swarmId: SWARM, offerId };
    expect(await seeder.relayed.take()).toEqual(['offer', { ...common, from: viewer.peerId, sealed: 'sealed-offer' }]);

    await viewer.relay('ice-candidate', seeder, offerId, 'early');
    expect(await seeder.relayed.take()).toEqual(['ice-candidate', { ...common, from: viewer.peerId, sealed: 'early' }]);
    await seeder.relay('answer', viewer, offerId);
    expect(await viewer.relayed.take()).toEqual(['answer', { ...common, from: seeder.peerId, sealed: 'sealed-answer' }]);
    await seeder.relay('ice-candidate', viewer, offerId, 'late');
    expect(await viewer.relayed.take()).toEqual(['ice-candidate', { ...common, from: seeder.peerId, sealed: 'late' }]);
  });

  test('a member named without an offer can be sent one, and may answer it', async () => {
    const { url } = await startServer();
    const seeder = await join(url);
    const viewer = await new TestPeer(url).connect();
    expect((await viewer.announce({ want: 5 })).peers).toEqual([{ peerId: seeder.peerId }]);
    const offerId = newOfferId();
    await viewer.relay('offer', seeder, offerId);
    expect(await seeder.relayed.take()).toMatchObject(['offer', { from: viewer.peerId, offerId }]);
    await seeder.relay('answer', viewer, offerId);
    expect(await viewer.relayed.take()).toMatchObject(['answer', { from: seeder.peerId, offerId }]);
  });

  test('members of one swarm are not found in another', async () => {
    const { url } = await startServer();
    const seeder = await join(url);
    const stranger = await new TestPeer(url).connect();
    expect((await stranger.announce({ swarmId: OTHER_SWARM, want: 10, offers: newOffers(3) })).peers).toEqual([]);
    await expectRefusal(
      stranger.client.relay('offer', { to: seeder.peerId, swarmId: OTHER_SWARM, offerId: newOfferId(), sealed: 'x' }),
      'unknown-peer',
    );
  });
});

describe('matching', () => {
  test('G1: each offer goes to a member of its own, and the offers left over to nobody', async () => {
    const { url } = await startServer();
    const members = await Promise.all(Array.from({ length: 4 }, () => join(url)));
    const viewer = await new TestPeer(url).connect();
    const offers = newOffers(MAX_OFFERS_PER_ANNOUNCE);
    const { peers } = await viewer.announce({ want: 10, offers });
    expect(new Set(peers.map(({ peerId }) => peerId))).toEqual(new Set(members.map(({ peerId }) => peerId)));
    expect(peers).toHaveLength(4);
    expect(new Set(peers.map(({ offerId }) => offerId))).toEqual(new Set(offers.slice(0, 4).map(({ offerId }) => offerId)));
    const received = await Promise.all(members.map((member) => member.relayed.take()));
    expect(new Set(received.map(([, { offerId }]) => offerId))).toEqual(new Set(peers.map(({ offerId }) => offerId)));
  });

  test('no more offers go out than peers are wanted', async () => {
    const { url } = await startServer();
    await Promise.all(Array.from({ length: 4 }, () => join(url)));
    const viewer = await new TestPeer(url).connect();
    expect((await viewer.announce({ want: 2, offers: newOffers(5) })).peers).toHaveLength(2);
  });

  test('members to be skipped get no offer, and a repeated announce does not meet oneself', async () => {
    const { url } = await startServer();
    const known = await join(url);
    const unknown = await join(url);
    const viewer = await join(url);
    const { peers } = await viewer.announce({ want: 10, offers: newOffers(10), skip: [known.peerId] });
    expect(peers.map(({ peerId }) => peerId)).toEqual([unknown.peerId]);
  });

  test('a full burst of one peer passes the rate limits', async () => {
    const { url } = await startServer();
    const members = await Promise.all(Array.from({ length: MAX_OFFERS_PER_ANNOUNCE }, () => join(url)));
    const viewer = await new TestPeer(url).connect();
    const { peers } = await viewer.announce({ want: 10, offers: newOffers(10) });
    const calls = peers.flatMap(({ peerId, offerId = newOfferId() }) => {
      const member = members.find((candidate) => candidate.peerId === peerId);
      if (member === undefined) return [];
      const batches = Array.from({ length: 8 }, () => viewer.relay('ice-candidate', member, offerId));
      return [...batches, member.relay('answer', viewer, offerId), member.relay('offer', viewer, newOfferId())];
    });
    expect(await Promise.all(calls)).toHaveLength(100);
  });
});

describe('what is not relayed', () => {
  test('an answer or a candidate without an offer, a second answer, and the offerer answering itself', async () => {
    const { url } = await startServer();
    const seeder = await join(url);
    const viewer = await join(url);
    const bystander = await join(url);
    const offerId = newOfferId();
    await expectRefusal(seeder.relay('answer', viewer, offerId), 'no-open-offer');
    await expectRefusal(seeder.relay('ice-candidate', viewer, offerId), 'no-open-offer');
    await viewer.relay('offer', seeder, offerId);
    await expectRefusal(bystander.relay('answer', viewer, offerId), 'no-open-offer');
    await expectRefusal(bystander.relay('ice-candidate', viewer, offerId), 'no-open-offer');
    await expectRefusal(viewer.relay('answer', seeder, offerId), 'no-open-offer');
    await seeder.relay('answer', viewer, offerId);
    await expectRefusal(seeder.relay('answer', viewer, offerId), 'no-open-offer');
  });

  test('anything of an offer older than its lifetime', async () => {
    let nowMs = 0;
    const { url } = await startServer({ OFFER_LIFETIME_SECONDS: '120' }, { nowMs: () => nowMs, random: () => 0 });
    const seeder = await join(url);
    const viewer = await join(url);
    const offerId = newOfferId();
    await viewer.relay('offer', seeder, offerId);
    nowMs = 119_999;
    await viewer.relay('ice-candidate', seeder, offerId);
    nowMs = 120_000;
    await expectRefusal(seeder.relay('answer', viewer, offerId), 'no-open-offer');
    await expectRefusal(viewer.relay('ice-candidate', seeder, offerId), 'no-open-offer');
  });

  test('messages of who has not announced, to oneself, and to nobody', async () => {
    const { url } = await startServer();
    const seeder = await join(url);
    const stranger = await new TestPeer(url).connect();
    await expectRefusal(stranger.relay('offer', seeder, newOfferId()), 'not-announced');
    await expectRefusal(seeder.relay('offer', seeder, newOfferId()), 'unknown-peer');
    const nobody = { to: newPeerId(), swarmId: SWARM, offerId: newOfferId(), sealed: 'x' };
    await expectRefusal(seeder.client.relay('offer', nobody), 'unknown-peer');
  });
});
