import { expect, test } from 'vitest';
import { VirtualClock } from '@/tests/simulation/virtual-clock';

const never = (): boolean => false;

test('events happen in the order of their moments, and within one moment in the order they were asked for', async () => {
  const clock = new VirtualClock();
  const happened: string[] = [];
  const note = (name: string) => (): void => void happened.push(`${name} at ${clock.elapsedMs}`);
  clock.after(30, note('third'));
  clock.after(10, note('first'));
  clock.at(clock.now() + 29.2, note('fourth'));
  clock.after(10, note('second'));
  clock.after(5000, note('last'));
  await clock.run(never);
  expect(happened).toEqual(['first at 10', 'second at 10', 'third at 30', 'fourth at 30', 'last at 5000']);
});

test('what is cancelled does not happen', async () => {
  const clock = new VirtualClock();
  const happened: string[] = [];
  const cancel = clock.after(20, () => happened.push('cancelled'));
  clock.after(10, cancel);
  clock.after(30, () => happened.push('kept'));
  await clock.run(never);
  expect(happened).toEqual(['kept']);
});

test('everything an event sets off has settled before the next one, however long the chain', async () => {
  const clock = new VirtualClock();
  const happened: string[] = [];
  const chain = async (): Promise<void> => {
    for (let step = 0; step < 50; step++) await Promise.resolve();
    happened.push(`settled at ${clock.elapsedMs}`);
  };
  clock.after(1, () => void chain());
  clock.after(1, () => happened.push('next'));
  await clock.run(never);
  expect(happened).toEqual(['settled at 1', 'next']);
});

test('it stops as soon as it is over', async () => {
  const clock = new VirtualClock();
  let ticks = 0;
  const tick = (): void => {
    ticks++;
    clock.after(10, tick);
  };
  tick();
  await clock.run(() => ticks === 5);
  expect(clock.elapsedMs).toBe(40);
});

test('what an event throws ends the run', async () => {
  const clock = new VirtualClock();
  clock.after(1, () => {
    throw new Error('broken');
  });
  await expect(clock.run(never)).rejects.toThrow('broken');
});
