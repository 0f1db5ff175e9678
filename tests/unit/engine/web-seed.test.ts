import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { WebSeed, type Rivals } from '@/src/engine/web-seed';
import { WebSeedError, type WebSeedFailure } from '@/src/transport/web-seed-client';
import { PIECE_BYTES, seededTorrent } from './web-seed-film';
import { notice } from '@/src/protocol/notice';

const KIB = 1024;
const ALONE: Rivals = { areThere: false, fastestBytesPerSecond: 0 };
const RIVALS: Rivals = { areThere: true, fastestBytesPerSecond: 0 };

const { info } = seededTorrent(
  [
    { path: ['one'], lengthBytes: 4 * PIECE_BYTES },
    { path: ['two'], lengthBytes: 4 * PIECE_BYTES },
  ],
  false,
);
let seed: WebSeed;

beforeEach(() => {
  seed = new WebSeed({ url: 'https://seed.example/', info, limits: DEFAULT_LIMITS, isAllowed: () => false, random: () => 0.5 });
});

function fail(failure: WebSeedFailure, nowMs: number, fileIndex = 0): void {
  const file = info.files[fileIndex];
  if (file !== undefined) seed.onError(new WebSeedError(failure, notice('seedBroken')), file, nowMs);
}

describe('a web seed’s rate', () => {
  test('decides how much is asked for at once: what comes in two seconds, four mebibytes at most', () => {
    expect(seed.runPieces()).toBe(1);
    seed.onMeasured(100 * KIB, 1000, ALONE, 0);
    expect(seed.runPieces()).toBe(Math.floor((200 * KIB) / PIECE_BYTES));
    seed.onMeasured(1e9, 1000, ALONE, 0);
    expect(seed.runPieces()).toBe((4 * 1024 * KIB) / PIECE_BYTES);
  });

  test('is not judged by a request shorter than a second', () => {
    seed.onMeasured(1000, 999, RIVALS, 0);
    expect(seed.isSlow).toBe(false);
  });

  test('counts as slow below 32 KiB/s, and rests after three such requests if others can do its work', () => {
    for (let request = 0; request < 2; request++) seed.onMeasured(30 * KIB, 1000, RIVALS, 0);
    expect(seed.isSlow).toBe(true);
    expect(seed.runPieces()).toBe(1);
    expect(seed.snapshot()).toMatchObject({ state: 'slow', reason: { name: 'seedSlow' } });
    expect(seed.isUsable(0)).toBe(true);
    seed.onMeasured(30 * KIB, 1000, RIVALS, 0);
    expect(seed.isUsable(0)).toBe(false);
    expect(seed.isUsable(60_000)).toBe(true);
  });

  test('never makes the only one rest', () => {
    for (let request = 0; request < 10; request++) seed.onMeasured(30 * KIB, 1000, ALONE, 0);
    expect(seed.isUsable(0)).toBe(true);
  });

  test('counts as slow below an eighth of the fastest', () => {
    seed.onMeasured(100 * KIB, 1000, { areThere: true, fastestBytesPerSecond: 900 * KIB }, 0);
    expect(seed.isSlow).toBe(true);
    seed.onMeasured(200 * KIB, 1000, { areThere: true, fastestBytesPerSecond: 900 * KIB }, 0);
    expect(seed.isSlow).toBe(false);
    expect(seed.snapshot()).toMatchObject({ state: 'waiting', reason: undefined });
  });
});

describe('a web seed that fails', () => {
  test('rests longer each time, a minute at most, and from the start again after a piece', () => {
    const rests = Array.from({ length: 8 }, () => {
      fail('broken', 0);
      return seed.restUntilMs;
    });
    expect(rests).toEqual(rests.toSorted((left, right) => left - right));
    expect(rests[0]).toBeLessThanOrEqual(2000);
    expect(rests.at(-1)).toBeGreaterThan(20_000);
    expect(rests.at(-1)).toBeLessThanOrEqual(60_000);
    seed.onPiece();
    fail('broken', 0);
    expect(seed.restUntilMs).toBe(rests[0]);
  });

  test('keeps its other files when one is missing, and is given up when all are', () => {
    fail('missing', 0, 0);
    expect([seed.canDeliver(0), seed.canDeliver(3), seed.canDeliver(4)]).toEqual([false, false, true]);
    expect(seed.isGivenUp).toBe(false);
    fail('missing', 0, 1);
    expect(seed.isGivenUp).toBe(true);
    expect(seed.snapshot().state).toBe('failed');
  });

  test('is blocked if it never answered, and away if it did', () => {
    fail('blocked', 0);
    expect(seed.snapshot().state).toBe('blocked');
    expect(seed.isConnected).toBe(false);
    seed.onPiece();
    fail('blocked', 0);
    expect(seed.snapshot()).toMatchObject({ state: 'failed', reason: { name: 'seedAway' } });
  });

  test('may try again what it failed at once the viewer allows it, but not after five lies', () => {
    fail('redirect', 0);
    expect(seed.snapshot().state).toBe('refused');
    seed.pardon();
    expect(seed.isUsable(0)).toBe(true);
    for (let piece = 0; piece < 5; piece++) seed.onBadPiece(piece);
    expect(seed.isGivenUp).toBe(true);
    seed.pardon();
    expect(seed.isGivenUp).toBe(true);
  });
});
