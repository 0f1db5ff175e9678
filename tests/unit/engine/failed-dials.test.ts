import { expect, test } from 'vitest';
import { FailedDials } from '@/src/engine/failed-dials';
import { peerIdOf } from './remote-end';

const PEER = peerIdOf(1);

test('G4: the second try is made at once, the third a minute after it, and then later each time, ten minutes at most', () => {
  const dials = new FailedDials();
  const rests: number[] = [];
  for (let nowMs = 0, failures = 0; failures < 7; failures++) {
    dials.failed(PEER, nowMs);
    const begunMs = nowMs;
    while (dials.rests(PEER, nowMs)) nowMs += 1000;
    rests.push((nowMs - begunMs) / 1000);
  }
  expect(rests).toEqual([0, 60, 120, 240, 480, 600, 600]);
});

test('a link makes up for what was before', () => {
  const dials = new FailedDials();
  dials.failed(PEER, 0);
  dials.linked(PEER);
  dials.failed(PEER, 0);
  expect(dials.rests(PEER, 0)).toBe(false);
});

test('of a thousand the oldest are forgotten', () => {
  const dials = new FailedDials();
  dials.failed(PEER, 0);
  dials.failed(PEER, 0);
  expect(dials.rests(PEER, 0)).toBe(true);
  for (let index = 0; index < 1000; index++) dials.failed(index.toString(16).padStart(40, '0') as typeof PEER, 0);
  expect(dials.rests(PEER, 0)).toBe(false);
});
