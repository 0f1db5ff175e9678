import { expect, test } from 'vitest';
import { IdleFrames } from '@/src/engine/idle-frames';

const LIMITS = { idleFrames: 10, idleFramesPerSecond: 2 };

function addAll(frames: IdleFrames, atMs: number, count: number): boolean[] {
  return Array.from({ length: count }, () => frames.add(atMs, LIMITS));
}

test('L8: so many at once are borne, one more is not', () => {
  const frames = new IdleFrames(0);
  expect(addAll(frames, 0, 10)).not.toContain(true);
  expect(frames.add(0, LIMITS)).toBe(true);
});

test('L8: they are forgotten with time, but never saved up', () => {
  const frames = new IdleFrames(0);
  addAll(frames, 0, 10);
  expect(addAll(frames, 2000, 4)).not.toContain(true);
  expect(frames.add(2000, LIMITS)).toBe(true);
  expect(addAll(frames, 3_600_000, 10)).not.toContain(true);
  expect(frames.add(3_600_000, LIMITS)).toBe(true);
});
