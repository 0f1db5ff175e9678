import { describe, expect, test } from 'vitest';
import { StoreError } from '@/src/store/chunk-store';
import { CommitSchedule, type StartTimer } from '@/src/store/commit-schedule';

/** A timer the test fires by hand. */
function manualTimer(): { start: StartTimer; delays: number[]; fire(): void } {
  const pending: (() => void)[] = [];
  const delays: number[] = [];
  return {
    delays,
    start: (run, delayMs) => {
      delays.push(delayMs);
      pending.push(run);
      return () => pending.splice(pending.indexOf(run), 1);
    },
    fire: () => pending.shift()?.(),
  };
}

/** Commits that end when the test says so. */
function heldCommits(): { commit: () => Promise<void>; ends: ((error?: StoreError) => void)[] } {
  const ends: ((error?: StoreError) => void)[] = [];
  const commit = (): Promise<void> =>
    new Promise((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  return { commit, ends };
}

/** Lets every promise that can settle settle. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the commit schedule', () => {
  test('commits once, a second after the first of many writes', async () => {
    const timer = manualTimer();
    const { commit, ends } = heldCommits();
    const schedule = new CommitSchedule(commit, { startTimer: timer.start });
    schedule.wrote(10);
    schedule.wrote(10);
    expect(timer.delays).toEqual([1000]);
    expect(ends).toHaveLength(0);
    timer.fire();
    await settled();
    expect(ends).toHaveLength(1);
  });

  test('commits at once when much was written', async () => {
    const { commit, ends } = heldCommits();
    const schedule = new CommitSchedule(commit, { startTimer: manualTimer().start, commitBytes: 100 });
    schedule.wrote(60);
    schedule.wrote(60);
    await settled();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    schedule.wrote(60);
    await settled();
    expect(ends).toHaveLength(1);
  });

  test('never runs two commits at a time, and those who wait share the next one', async () => {
    const { commit, ends } = heldCommits();
    const schedule = new CommitSchedule(commit, { startTimer: manualTimer().start });
    const first = schedule.commitNow();
    await settled();
    const others = [schedule.commitNow(), schedule.commitNow()];
    await settled();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await first;
    await settled();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await expect(Promise.all(others)).resolves.toHaveLength(2);
  });

  test('a commit on a full disk is tried again by time, one that failed otherwise is not', async () => {
    const timer = manualTimer();
    const { commit, ends } = heldCommits();
    const schedule = new CommitSchedule(commit, { startTimer: timer.start });
    schedule.wrote(1);
    timer.fire();
    await settled();
    ends[0]?.(new StoreError('full', 'no room'));
    await settled();
    expect(timer.delays).toHaveLength(2);
    timer.fire();
    await settled();
    ends[1]?.(new StoreError('io', 'broken'));
    await settled();
    expect(ends).toHaveLength(2);
    expect(timer.delays).toHaveLength(2);
  });

  test('a commit that was asked for calls the timed one off', async () => {
    const timer = manualTimer();
    const { commit, ends } = heldCommits();
    const schedule = new CommitSchedule(commit, { startTimer: timer.start });
    schedule.wrote(1);
    const asked = schedule.commitNow();
    await settled();
    ends[0]?.();
    await asked;
    timer.fire();
    await settled();
    expect(ends).toHaveLength(1);
  });
});
