import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { LaneRoom } from '@/src/engine/lane-room';
import { LinkLanes, type LinkLanesOptions } from '@/src/engine/link-lanes';
import { createNodeConnection } from '@/src/host/node-rtc';
import { systemClock } from '@/src/host/system-clock';
import { MAX_LANES, type LaneMessage } from '@/src/protocol/peer-messages';
import type { PeerLink } from '@/src/transport/peer-link';
import { peerIdOf } from './remote-end';

const [SMALLER, LARGER] = [peerIdOf(0x11), peerIdOf(0x99)];

interface Side {
  readonly lanes: LinkLanes;
  readonly open: PeerLink[];
  readonly room: LaneRoom;
  readonly sent: LaneMessage[];
  readonly offences: string[];
  /** How often what the other said changed nothing. */
  idle: number;
  readonly frames: string[];
  other: Side | undefined;
}

function sideOf(ownId: typeof SMALLER, peerId: typeof SMALLER, most = 10): Side {
  const room = new LaneRoom(most);
  const side: Omit<Side, 'lanes'> & { lanes?: LinkLanes } = {
    open: [],
    room,
    sent: [],
    offences: [],
    idle: 0,
    frames: [],
    other: undefined,
  };
  const options: LinkLanesOptions = {
    engine: { createConnection: createNodeConnection, clock: systemClock, logger: silentLogger },
    ownId,
    peerId,
    room,
    timeoutMs: 30_000,
    allowHost: true,
    rtcConfiguration: () => ({ iceServers: [] }),
    send(message) {
      side.sent.push(message);
      side.other?.lanes.receive(message);
    },
    onOpen(link, onClose) {
      side.open.push(link);
      link.receive({
        onFrame: (channel, frame) => side.frames.push(`${channel} ${frame.join()}`),
        onDrain() {},
        onClose() {
          side.open.splice(side.open.indexOf(link), 1);
          onClose();
        },
      });
    },
    onOffence: (reason) => side.offences.push(reason),
    onIdle: () => side.idle++,
  };
  return Object.assign(side, { lanes: new LinkLanes(options) });
}

/** Two ends of one link; their lanes are real connections. */
function linked(roomOfLarger = 10): [Side, Side] {
  const smaller = sideOf(SMALLER, LARGER);
  const larger = sideOf(LARGER, SMALLER, roomOfLarger);
  smaller.other = larger;
  larger.other = smaller;
  onTestFinished(() => {
    for (const side of [smaller, larger]) side.lanes.closeAll('the test is over');
  });
  return [smaller, larger];
}

const areOpen = (count: number, ...sides: Side[]): Promise<boolean> =>
  vi.waitUntil(() => sides.every(({ open }) => open.length === count), { timeout: 20_000 });

test('L6: lanes are set up through the first connection and carry frames both ways', async () => {
  const [smaller, larger] = linked();
  smaller.lanes.want(2);
  await areOpen(2, smaller, larger);
  for (const [index, link] of smaller.open.entries()) link.send('bulk', Uint8Array.of(index));
  for (const link of larger.open) link.send('control', Uint8Array.of(7));
  await vi.waitUntil(() => smaller.frames.length === 2 && larger.frames.length === 2, { timeout: 20_000 });
  expect(larger.frames.toSorted((left, right) => left.localeCompare(right))).toEqual(['bulk 0', 'bulk 1']);
  expect(smaller.frames).toEqual(['control 7', 'control 7']);
  expect([smaller.room.left, larger.room.left]).toEqual([8, 8]);
});

test('L6: closing them is told, and gives the room back on both sides', async () => {
  const [smaller, larger] = linked();
  larger.lanes.want(1);
  await areOpen(1, smaller, larger);
  larger.lanes.want(0);
  expect([smaller.lanes.count, larger.lanes.count]).toEqual([0, 0]);
  expect([smaller.room.left, larger.room.left]).toEqual([10, 10]);
  expect([smaller.open, larger.open]).toEqual([[], []]);
});

test('both sides may offer at once: together no more than a link may have', async () => {
  const [smaller, larger] = linked();
  smaller.lanes.want(MAX_LANES);
  larger.lanes.want(MAX_LANES);
  await vi.waitUntil(() => smaller.open.length > 0 && smaller.open.length === larger.open.length, { timeout: 20_000 });
  expect(smaller.lanes.count).toBeLessThanOrEqual(MAX_LANES);
  expect([...smaller.offences, ...larger.offences]).toEqual([]);
});

test('who has no room refuses, and the other does not ask over and over', async () => {
  const [smaller, larger] = linked(0);
  smaller.lanes.want(2);
  await vi.waitUntil(() => larger.sent.filter(({ type }) => type === 'lane-close').length === 2, { timeout: 20_000 });
  expect(smaller.lanes.count).toBe(0);
  expect(smaller.room.left).toBe(10);
  smaller.lanes.want(2);
  expect(smaller.lanes.count).toBe(0);
});

test.each<[string, LaneMessage]>([
  ['of our own', { type: 'lane-offer', lane: 1, text: 'v=0' }],
  ['that no side has', { type: 'lane-offer', lane: 23, text: 'v=0' }],
  ['numbered zero', { type: 'lane-offer', lane: 0, text: 'v=0' }],
])('L6: an offer of a lane %s is an offence', (_what, message) => {
  const [smaller] = linked();
  smaller.other = undefined;
  smaller.lanes.receive(message);
  expect(smaller.offences).toHaveLength(1);
  expect(smaller.room.left).toBe(10);
});

test('an offer that is no description is refused, and costs no room', async () => {
  const [smaller] = linked();
  smaller.other = undefined;
  smaller.lanes.receive({ type: 'lane-offer', lane: 12, text: 'this is no description' });
  await vi.waitUntil(() => smaller.sent.some(({ type }) => type === 'lane-close'), { timeout: 20_000 });
  expect(smaller.lanes.count).toBe(0);
  expect(smaller.room.left).toBe(10);
});

test('offers without end are refused after the first few, without a connection for each', async () => {
  const [smaller] = linked();
  smaller.other = undefined;
  for (let time = 0; time < 40; time++) {
    smaller.lanes.receive({ type: 'lane-offer', lane: 12, text: 'this is no description' });
    smaller.lanes.receive({ type: 'lane-close', lane: 12 });
  }
  await vi.waitUntil(() => smaller.sent.length >= 34, { timeout: 20_000 });
  expect(smaller.lanes.count).toBe(0);
  expect(smaller.room.left).toBe(10);
});

test('answers, candidates and closings of unknown lanes are what crossed, and change nothing', () => {
  const [smaller] = linked();
  smaller.other = undefined;
  smaller.lanes.receive({ type: 'lane-answer', lane: 1, text: 'v=0' });
  smaller.lanes.receive({ type: 'lane-candidates', lane: 2, text: '[]' });
  smaller.lanes.receive({ type: 'lane-close', lane: 9 });
  expect([smaller.offences, smaller.sent, smaller.lanes.count]).toEqual([[], [], 0]);
});

test('L8: what is said about lanes that there are not is counted', () => {
  const side = sideOf(SMALLER, LARGER);
  side.lanes.receive({ type: 'lane-candidates', lane: MAX_LANES, text: '[]' });
  side.lanes.receive({ type: 'lane-answer', lane: MAX_LANES, text: 'v=0' });
  side.lanes.receive({ type: 'lane-close', lane: MAX_LANES });
  expect([side.idle, side.offences]).toEqual([3, []]);
});
