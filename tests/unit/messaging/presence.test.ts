import { expect, test } from 'vitest';
import { announcePresence, onceGone } from '@/src/messaging/presence';

test('a holder that goes is noticed, and not before', async () => {
  const life = new AbortController();
  const name = await announcePresence('engine', life.signal);
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    onceGone(name, new AbortController().signal, () => {
      isGone = true;
      resolve();
    });
  });
  await navigator.locks.query();
  expect(isGone).toBe(false);
  life.abort();
  await gone;
  expect(isGone).toBe(true);
});

test('everyone who waits for a holder learns of its end', async () => {
  const life = new AbortController();
  const name = await announcePresence('engine', life.signal);
  const waiting = [1, 2, 3].map((who) => new Promise((resolve) => onceGone(name, new AbortController().signal, () => resolve(who))));
  life.abort();
  expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
});

test("whoever stopped waiting hears nothing and is in nobody's way", async () => {
  const life = new AbortController();
  const name = await announcePresence('client', life.signal);
  const heard: string[] = [];
  const waiting = new AbortController();
  onceGone(name, waiting.signal, () => heard.push('the one who left'));
  waiting.abort();
  const gone = new Promise<void>((resolve) => onceGone(name, new AbortController().signal, resolve));
  life.abort();
  await gone;
  expect(heard).toEqual([]);
});

test('each holder has a name of its own', async () => {
  const life = new AbortController();
  const names = await Promise.all([announcePresence('client', life.signal), announcePresence('client', life.signal)]);
  expect(new Set(names).size).toBe(2);
  life.abort();
});
