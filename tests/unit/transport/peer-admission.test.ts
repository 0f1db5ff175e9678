import { describe, expect, test } from 'vitest';
import { parsePeerId, type PeerId } from '@/src/protocol/ids';
import { PeerAdmission, type Introduction } from '@/src/transport/peer-admission';
import { ManualClock } from '../engine/manual-clock';

const id = (digits: string): PeerId => parsePeerId(digits.repeat(20)) as PeerId;
const OWN = id('55');
const SMALLER = id('11');
const LARGER = id('99');

interface Recorded extends Introduction {
  readonly events: string[];
}

function introduction(offeredBy: 'us' | 'them'): Recorded {
  const events: string[] = [];
  return { offeredBy, events, handOver: () => void events.push('handed over'), close: () => void events.push('closed') };
}

function admission(): { admission: PeerAdmission; clock: ManualClock } {
  const clock = new ManualClock();
  return { clock, admission: new PeerAdmission({ ownId: OWN, clock }) };
}

test('a peer is handed over once its link is open', () => {
  const { admission: peers } = admission();
  const link = introduction('us');
  expect(peers.admit(SMALLER, link)).toBe(true);
  expect(link.events).toEqual([]);
  peers.opened(SMALLER, link);
  expect(link.events).toEqual(['handed over']);
});

test('the viewer is not connected to itself', () => {
  expect(admission().admission.admit(OWN, introduction('them'))).toBe(false);
});

test('offers of peers that are connected, or about to be, are refused', () => {
  const { admission: peers } = admission();
  const link = introduction('us');
  peers.admit(SMALLER, link);
  expect(peers.admit(SMALLER, introduction('them'))).toBe(false);
  peers.opened(SMALLER, link);
  expect(peers.admit(SMALLER, introduction('them'))).toBe(false);
  peers.left(SMALLER, link);
  expect(peers.admit(SMALLER, introduction('them'))).toBe(true);
});

test('a peer that answers through two trackers is connected to once', () => {
  const { admission: peers } = admission();
  peers.admit(SMALLER, introduction('us'));
  expect(peers.admit(SMALLER, introduction('us'))).toBe(false);
});

test('G4: no more than ten connections are set up at a time', () => {
  const { admission: peers } = admission();
  const links = Array.from({ length: 11 }, () => introduction('them'));
  const admitted = links.map((link, index) => peers.admit(id(`a${index.toString(16)}`), link));
  expect(admitted).toEqual([...Array.from({ length: 10 }, () => true), false]);
  peers.failed(id('a3'), links[3] ?? introduction('them'));
  expect(peers.admit(id('ff'), introduction('them'))).toBe(true);
});

test('what failed twice frees one place only', () => {
  const { admission: peers } = admission();
  const link = introduction('them');
  peers.admit(SMALLER, link);
  peers.failed(SMALLER, link);
  peers.failed(SMALLER, link);
  expect(peers.negotiations).toBe(0);
});

test('the first of several trackers leaves offers for the next', () => {
  const { admission: peers } = admission();
  expect([5, 5, 5, 5, 5].map((wanted) => peers.takeOffers(wanted))).toEqual([5, 3, 1, 1, 0]);
  peers.returnOffer();
  expect(peers.takeOffers(5)).toBe(1);
  expect(peers.takeOffers(-3)).toBe(0);
});

test('whoever is banned stays out, under its id and with its certificate', () => {
  const { admission: peers } = admission();
  peers.ban(SMALLER, 'aa:bb');
  expect(peers.admit(SMALLER, introduction('them'))).toBe(false);
  expect(peers.isBanned('aa:bb')).toBe(true);
  expect(peers.isBanned('cc:dd')).toBe(false);
  expect(peers.isBanned(undefined)).toBe(false);
});

/** Theirs was answered, then ours is; both open, theirs first. */
function bothOpen(peerId: PeerId): { ours: Recorded; theirs: Recorded; peers: PeerAdmission; clock: ManualClock } {
  const { admission: peers, clock } = admission();
  const [ours, theirs] = [introduction('us'), introduction('them')];
  peers.admit(peerId, theirs);
  expect(peers.admit(peerId, ours)).toBe(true);
  peers.opened(peerId, theirs);
  peers.opened(peerId, ours);
  return { ours, theirs, peers, clock };
}

describe('offers that cross', () => {
  test('the second link waits', () => {
    const { ours, theirs } = bothOpen(LARGER);
    expect(theirs.events).toEqual(['handed over']);
    expect(ours.events).toEqual([]);
  });

  test('WebTorrent destroys one of them: the other takes its place', () => {
    const { ours, theirs, peers, clock } = bothOpen(LARGER);
    peers.left(LARGER, theirs);
    expect(ours.events).toEqual(['handed over']);
    clock.advance(10_000);
    expect(ours.events).toEqual(['handed over']);
  });

  test('WebTorrent destroys the one that waits: nothing changes', () => {
    const { ours, theirs, peers, clock } = bothOpen(LARGER);
    peers.left(LARGER, ours);
    clock.advance(10_000);
    expect(theirs.events).toEqual(['handed over']);
    expect(ours.events).toEqual([]);
  });

  test("G3: when both stay, the smaller peer id's offer stands", () => {
    const larger = bothOpen(LARGER);
    larger.clock.advance(500);
    expect(larger.theirs.events).toEqual(['handed over', 'closed']);
    larger.peers.left(LARGER, larger.theirs);
    expect(larger.ours.events).toEqual(['handed over']);

    const smaller = bothOpen(SMALLER);
    smaller.clock.advance(500);
    expect(smaller.theirs.events).toEqual(['handed over']);
    expect(smaller.ours.events).toEqual(['closed']);
  });
});
