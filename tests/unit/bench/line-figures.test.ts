import { expect, test } from 'vitest';
import { lineFigures } from '@/tests/bench/line/line-figures';

const FILM_BYTES = 30_000_000;

test('the queue is what the median round trip grew by, whatever single ones took', () => {
  const facts = { idleMs: [50, 51, 90], loadedMs: [60, 75, 80, 75, 400], tcpBytes: undefined, filmBytes: FILM_BYTES, elapsedMs: 20_000 };
  expect(lineFigures(facts)).toEqual({ queueMs: 24 });
});

test('a download beside the film has a rate, and the film its share of what both got', () => {
  const facts = { idleMs: [50], loadedMs: [100], tcpBytes: 90_000_000, filmBytes: FILM_BYTES, elapsedMs: 60_000 };
  expect(lineFigures(facts)).toEqual({ queueMs: 50, tcpMBps: 1.5, lineShare: 0.25 });
});

test('when no ping came back nothing is said of the queue', () => {
  expect(lineFigures({ idleMs: [50], loadedMs: [], tcpBytes: undefined, filmBytes: FILM_BYTES, elapsedMs: 1 })).toEqual({});
});
