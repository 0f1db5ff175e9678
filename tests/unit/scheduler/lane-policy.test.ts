import { expect, test } from 'vitest';
import { MAX_LANES } from '@/src/protocol/peer-messages';
import { chooseLanes, DEFAULT_LANE_LIMITS, type LaneFacts } from '@/src/scheduler/lane-policy';

const LONG_PATH: LaneFacts = {
  lanes: 0,
  rttMs: 50,
  isRelayed: false,
  deliveringPeers: 1,
  wantedBytes: 50_000_000,
  room: 40,
  isStarting: false,
  hasStalled: false,
  idleMs: 0,
};

test('a long path to the only peer gets the usual connections', () => {
  expect(chooseLanes(LONG_PATH)).toBe(DEFAULT_LANE_LIMITS.usualLanes);
});

test('once the film has stood still it gets all that a link may have, and several peers share those', () => {
  expect(chooseLanes({ ...LONG_PATH, hasStalled: true })).toBe(MAX_LANES);
  expect(chooseLanes({ ...LONG_PATH, lanes: 3, hasStalled: true })).toBe(MAX_LANES);
  expect(chooseLanes({ ...LONG_PATH, hasStalled: true, deliveringPeers: 4 })).toBe(2);
  expect(chooseLanes({ ...LONG_PATH, hasStalled: true, room: 5 })).toBe(5);
  expect(chooseLanes({ ...LONG_PATH, hasStalled: true, rttMs: 1 })).toBe(0);
});

test('a short path, one of unknown length and one over a relay stay with one connection', () => {
  expect(chooseLanes({ ...LONG_PATH, rttMs: 1 })).toBe(0);
  expect(chooseLanes({ ...LONG_PATH, rttMs: undefined })).toBe(0);
  expect(chooseLanes({ ...LONG_PATH, isRelayed: true })).toBe(0);
});

test('while everything starts a path has to look longer: what is measured then is the machine, too', () => {
  const { fromRttMs, startFromRttMs } = DEFAULT_LANE_LIMITS;
  expect(chooseLanes({ ...LONG_PATH, rttMs: fromRttMs })).toBe(3);
  expect(chooseLanes({ ...LONG_PATH, isStarting: true, rttMs: startFromRttMs - 1 })).toBe(0);
  expect(chooseLanes({ ...LONG_PATH, isStarting: true, rttMs: startFromRttMs })).toBe(3);
});

test('several peers that deliver share the connections that one would have', () => {
  expect(chooseLanes({ ...LONG_PATH, deliveringPeers: 2 })).toBe(1);
  expect(chooseLanes({ ...LONG_PATH, deliveringPeers: 3 })).toBe(0);
  expect(chooseLanes({ ...LONG_PATH, deliveringPeers: 50 })).toBe(0);
});

test('the end of a film is not worth another connection', () => {
  expect(chooseLanes({ ...LONG_PATH, wantedBytes: DEFAULT_LANE_LIMITS.minWantedBytes - 1 })).toBe(0);
});

test('no more are opened than there is room for', () => {
  expect(chooseLanes({ ...LONG_PATH, room: 2 })).toBe(2);
  expect(chooseLanes({ ...LONG_PATH, room: 0 })).toBe(0);
  expect(chooseLanes({ ...LONG_PATH, lanes: 2, room: -3 })).toBe(2);
});

test('what is open stays although more peers came, and goes when nothing moves any more', () => {
  expect(chooseLanes({ ...LONG_PATH, lanes: 3, deliveringPeers: 8 })).toBe(3);
  expect(chooseLanes({ ...LONG_PATH, lanes: 3, idleMs: DEFAULT_LANE_LIMITS.idleAfterMs - 1 })).toBe(3);
  expect(chooseLanes({ ...LONG_PATH, lanes: 3, idleMs: DEFAULT_LANE_LIMITS.idleAfterMs })).toBe(0);
});
