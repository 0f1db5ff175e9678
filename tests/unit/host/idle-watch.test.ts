import { expect, test } from 'vitest';
import { IdleWatch } from '@/src/host/idle-watch';

/** A clock whose time is moved by hand. */
function handClock() {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; call: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs: number, call: () => void) {
      const timer = { atMs: nowMs + delayMs, call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms: number) {
      nowMs += ms;
      for (const timer of timers) {
        if (timer.atMs > nowMs) continue;
        timers.delete(timer);
        timer.call();
      }
    },
  };
}

function watch() {
  const clock = handClock();
  let idle = 0;
  const idleWatch = new IdleWatch({ clock, idleAfterMs: 60_000, onIdle: () => idle++ });
  return { clock, idleWatch, idleCalls: () => idle };
}

test('an engine nobody came to is idle after a minute', () => {
  const { clock, idleCalls } = watch();
  clock.advance(59_999);
  expect(idleCalls()).toBe(0);
  clock.advance(1);
  expect(idleCalls()).toBe(1);
});

test('a page keeps the engine for as long as it is there, and a minute more', () => {
  const { clock, idleWatch, idleCalls } = watch();
  const page = new AbortController();
  idleWatch.addPage(page.signal);
  clock.advance(600_000);
  expect(idleCalls()).toBe(0);
  page.abort();
  clock.advance(59_999);
  expect(idleCalls()).toBe(0);
  clock.advance(1);
  expect(idleCalls()).toBe(1);
});

test('a session without a page keeps it, too, and one that comes in time starts the minute anew', () => {
  const { clock, idleWatch, idleCalls } = watch();
  idleWatch.setSessions(1);
  clock.advance(600_000);
  idleWatch.setSessions(0);
  clock.advance(50_000);
  idleWatch.setSessions(2);
  clock.advance(50_000);
  idleWatch.setSessions(0);
  clock.advance(59_999);
  expect(idleCalls()).toBe(0);
  clock.advance(1);
  expect(idleCalls()).toBe(1);
});
