import { expect, test } from 'vitest';
import { ReplayGuard } from '@/src/protocol/replay-guard';

test('E3: a salt is admitted once in 120 s', () => {
  let nowMs = 1000;
  const guard = new ReplayGuard(() => nowMs);
  expect(guard.admit('aa')).toBe(true);
  expect(guard.admit('aa')).toBe(false);
  expect(guard.admit('bb')).toBe(true);
  nowMs += 119_999;
  expect(guard.admit('aa')).toBe(false);
  nowMs += 1;
  expect(guard.admit('aa')).toBe(true);
});

test('a repeated salt does not stay remembered for longer by being repeated', () => {
  let nowMs = 0;
  const guard = new ReplayGuard(() => nowMs);
  guard.admit('aa');
  nowMs = 100_000;
  guard.admit('aa');
  nowMs = 120_000;
  expect(guard.admit('aa')).toBe(true);
});

test('a full guard forgets the oldest and keeps the newest', () => {
  const guard = new ReplayGuard(() => 0, 2);
  for (const salt of ['aa', 'bb', 'cc']) guard.admit(salt);
  expect([guard.admit('cc'), guard.admit('bb')]).toEqual([false, false]);
  expect(guard.admit('aa')).toBe(true);
});
