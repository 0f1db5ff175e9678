import { expect, test } from 'vitest';
import { TorrentPlanner } from '@/src/engine/planner';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { sampleInfo } from '@/tests/unit/scheduler/sample-info';
import { ManualClock } from './manual-clock';

const INFO = sampleInfo(32 * 1024, [8 * 32 * 1024 - 10]);
const bytesOf = (piece: number): Uint8Array<ArrayBuffer> => new Uint8Array(pieceSizeBytes(INFO, piece)).fill(piece);

async function planner(capacityBytes = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock();
  const abort = new AbortController();
  const storeErrors: unknown[] = [];
  const chunks = await createMemoryChunkStore({ capacityBytes }).open(INFO);
  const plans = new TorrentPlanner({
    info: INFO,
    chunks,
    clock,
    limits: { silentAfterMs: 1000, deadAfterMs: 10_000, slowAfterMs: 5000 },
    signal: abort.signal,
    random: () => 0,
    onStoreError: (error) => storeErrors.push(error),
  });
  plans.setPlan({ urgent: [2], wanted: [{ first: 0, last: 7 }] });
  return { plans, clock, chunks, storeErrors, signal: abort.signal, abort };
}

test('no two sources hold one piece', async () => {
  const { plans } = await planner();
  expect(plans.claim('native', () => true, 3)).toEqual([2, 0, 1]);
  expect(plans.claim('webtorrent', () => true, 3)).toEqual([3, 4, 5]);
  expect([plans.tryClaim('web-seed', 2), plans.tryClaim('web-seed', 6), plans.tryClaim('native', 2)]).toEqual([false, true, true]);
  expect(plans.claim('native', () => true, 9)).toEqual([7]);
});

test('what is released is free for others; releasing what another holds changes nothing', async () => {
  const { plans } = await planner();
  plans.claim('native', () => true, 8);
  plans.release('native', 4);
  plans.release('webtorrent', 5);
  expect(plans.claim('webtorrent', () => true, 8)).toEqual([4]);
  plans.releaseAll('native');
  expect(plans.claim('webtorrent', () => true, 8)).toHaveLength(7);
});

test('a delivered piece can be read, and all are told who brought it', async () => {
  const { plans, chunks, signal } = await planner();
  const told: string[] = [];
  plans.onVerified((piece, from) => told.push(`${piece} from ${from}`), signal);
  plans.claim('native', () => true, 1);
  await plans.deliver('native', 2, bytesOf(2));
  expect(told).toEqual(['2 from native']);
  expect(plans.verified.has(2)).toBe(true);
  expect(await chunks.read(2 * INFO.pieceLengthBytes, 4)).toEqual(new Uint8Array(4).fill(2));
  expect(plans.claim('webtorrent', () => true, 8)).not.toContain(2);
});

test('a piece that two sources deliver counts once', async () => {
  const { plans, signal } = await planner();
  const told: string[] = [];
  plans.onVerified((_piece, from) => told.push(from), signal);
  await Promise.all([plans.deliver('webtorrent', 2, bytesOf(2)), plans.deliver('native', 2, bytesOf(2))]);
  expect(told).toEqual(['webtorrent']);
});

test('a late piece goes to another source, and the late one is told', async () => {
  const { plans, clock, signal } = await planner();
  const taken: number[] = [];
  plans.onTaken('webtorrent', (piece) => taken.push(piece), signal);
  plans.claim('webtorrent', () => true, 2);
  clock.advance(999);
  expect(plans.tryClaim('native', 2)).toBe(false);
  plans.noteProgress('webtorrent');
  clock.advance(999);
  expect(plans.tryClaim('native', 2)).toBe(false);
  clock.advance(1);
  expect(plans.tryClaim('native', 2)).toBe(true);
  expect(taken).toEqual([2]);
});

test('a piece that cannot be stored is nobody’s again, and the store’s error is passed on', async () => {
  const { plans, storeErrors } = await planner(10);
  plans.claim('native', () => true, 1);
  await plans.deliver('native', 2, bytesOf(2));
  expect([plans.verified.has(2), storeErrors.length, plans.tryClaim('webtorrent', 2)]).toEqual([false, 1, true]);
});

test('once it is over nothing is told any more', async () => {
  const { plans, abort, signal } = await planner();
  const told: unknown[] = [];
  plans.onVerified((piece) => told.push(piece), signal);
  plans.onPlan(() => told.push('plan'), signal);
  abort.abort();
  await plans.deliver('native', 2, bytesOf(2));
  plans.setPlan({ urgent: [], wanted: [] });
  expect(told).toEqual([]);
});
