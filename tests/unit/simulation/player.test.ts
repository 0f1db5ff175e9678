import { describe, expect, test } from 'vitest';
import type { OpenedStream } from '@/src/engine/engine-interface';
import { Player } from '@/tests/simulation/player';
import { VirtualClock } from '@/tests/simulation/virtual-clock';

const BYTES_PER_MS = 100;
const FILM_MS = 60_000;

/** A film of a minute that can be read up to some place at first, and to its end later. */
function stream(clock: VirtualClock, firstMs: number, restAfterMs: number): OpenedStream {
  const lengthBytes = FILM_MS * BYTES_PER_MS;
  let at = 0;
  const whole = Promise.withResolvers<void>();
  clock.after(restAfterMs, whole.resolve);
  return {
    fileLengthBytes: lengthBytes,
    contentType: 'video/mp4',
    read: async (maxBytes) => {
      if (at >= firstMs * BYTES_PER_MS) await whole.promise;
      const bytes = new Uint8Array(
        Math.min(maxBytes, lengthBytes - at, at < firstMs * BYTES_PER_MS ? firstMs * BYTES_PER_MS - at : Infinity),
      );
      at += bytes.length;
      return bytes;
    },
  };
}

async function watch(firstMs: number, restAfterMs: number, watchesMs: number) {
  const clock = new VirtualClock();
  const leaving = new AbortController();
  let beganMs: number | undefined;
  let seenMs: number | undefined;
  const player = new Player({
    clock,
    stream: stream(clock, firstMs, restAfterMs),
    bytesPerMs: BYTES_PER_MS,
    signal: leaving.signal,
    watchesMs,
    onBegin: () => (beganMs = clock.elapsedMs),
    onSeen: () => (seenMs = clock.elapsedMs),
  });
  await clock.run(() => false);
  leaving.abort();
  return { beganMs, seenMs, stalls: player.stalls, stalledMs: player.stalledMs, playedMs: player.playedMs };
}

describe('a simulated player', () => {
  test('plays what comes in time without a stall, to the end', async () => {
    expect(await watch(20_000, 15_000, FILM_MS)).toEqual({ beganMs: 0, seenMs: 60_000, stalls: 0, stalledMs: 0, playedMs: 60_000 });
  });

  test('waits for its beginning without calling it a stall', async () => {
    expect(await watch(100, 3000, FILM_MS)).toEqual({ beganMs: 3000, seenMs: 63_000, stalls: 0, stalledMs: 0, playedMs: 60_000 });
  });

  test('runs dry, waits, and goes on where it was', async () => {
    expect(await watch(10_000, 25_000, FILM_MS)).toEqual({
      beganMs: 0,
      seenMs: 75_000,
      stalls: 1,
      stalledMs: 15_000,
      playedMs: 60_000,
    });
  });

  test('ends when its viewer has seen enough', async () => {
    expect(await watch(20_000, 15_000, 5000)).toEqual({ beganMs: 0, seenMs: 5000, stalls: 0, stalledMs: 0, playedMs: 5000 });
  });
});
