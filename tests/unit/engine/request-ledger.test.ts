import { expect, test } from 'vitest';
import { RequestLedger } from '@/src/engine/request-ledger';

const UNIT = 16 * 1024;

test('B4: what was asked for is owed until it comes, once', () => {
  const ledger = new RequestLedger();
  expect(ledger.isEmpty).toBe(true);
  ledger.ask({ piece: 1, offsetBytes: 0, lengthBytes: UNIT }, 500);
  ledger.ask({ piece: 1, offsetBytes: UNIT, lengthBytes: 100 }, 600);
  expect([ledger.owedBytes, ledger.isEmpty]).toEqual([UNIT + 100, false]);
  expect(ledger.settle(1, 0, UNIT)).toEqual({ kind: 'owed', askedAtMs: 500 });
  expect(ledger.owedBytes).toBe(100);
  expect(ledger.settle(1, 0, UNIT)).toEqual({ kind: 'unsolicited' });
});

test.each([
  ['another piece', 2, 0, UNIT],
  ['another place', 1, UNIT, UNIT],
  ['fewer bytes', 1, 0, UNIT - 1],
  ['more bytes', 1, 0, 2 * UNIT],
])('B4: %s than was asked for is unsolicited', (_, piece, offsetBytes, lengthBytes) => {
  const ledger = new RequestLedger();
  ledger.ask({ piece: 1, offsetBytes: 0, lengthBytes: UNIT }, 0);
  expect(ledger.settle(piece, offsetBytes, lengthBytes)).toEqual({ kind: 'unsolicited' });
  expect(ledger.owedBytes).toBe(UNIT);
});

test('B4: a block that crossed its cancel is forgiven as often as it was cancelled', () => {
  const ledger = new RequestLedger();
  const range = { piece: 1, offsetBytes: 0, lengthBytes: UNIT };
  for (let time = 0; time < 2; time++) {
    ledger.ask(range, 0);
    ledger.cancelRange(range);
  }
  expect(ledger.owedBytes).toBe(0);
  expect([1, 2, 3].map(() => ledger.settle(1, 0, UNIT).kind)).toEqual(['cancelled', 'cancelled', 'unsolicited']);
});

test('a block asked for again after its cancel is owed first', () => {
  const ledger = new RequestLedger();
  const range = { piece: 1, offsetBytes: 0, lengthBytes: UNIT };
  ledger.ask(range, 100);
  ledger.cancelRange(range);
  ledger.ask(range, 200);
  expect(ledger.settle(1, 0, UNIT)).toEqual({ kind: 'owed', askedAtMs: 200 });
  expect(ledger.settle(1, 0, UNIT)).toEqual({ kind: 'cancelled' });
});

test('a cancel of what is not owed forgives nothing', () => {
  const ledger = new RequestLedger();
  ledger.cancelRange({ piece: 1, offsetBytes: 0, lengthBytes: UNIT });
  expect(ledger.settle(1, 0, UNIT)).toEqual({ kind: 'unsolicited' });
});

test('what is owed of one piece is told, and everything is cancelled at once', () => {
  const ledger = new RequestLedger();
  for (const piece of [1, 1, 2, 3]) ledger.ask({ piece, offsetBytes: ledger.owedBytes, lengthBytes: UNIT }, 0);
  expect(ledger.ofPiece(1).map(({ piece, offsetBytes }) => [piece, offsetBytes])).toEqual([
    [1, 0],
    [1, UNIT],
  ]);
  expect(ledger.owedBytes).toBe(4 * UNIT);
  expect(ledger.cancel().map(({ piece }) => piece)).toEqual([1, 1, 2, 3]);
  expect([ledger.owedBytes, ledger.isEmpty]).toEqual([0, true]);
});

test('owed ranges that overlap a range are found', () => {
  const ledger = new RequestLedger();
  ledger.ask({ piece: 1, offsetBytes: 0, lengthBytes: 2 * UNIT }, 0);
  ledger.ask({ piece: 1, offsetBytes: 2 * UNIT, lengthBytes: UNIT }, 0);
  ledger.ask({ piece: 2, offsetBytes: UNIT, lengthBytes: UNIT }, 0);
  expect(ledger.overlapping(1, UNIT, UNIT).map(({ offsetBytes }) => offsetBytes)).toEqual([0]);
  expect(ledger.overlapping(1, UNIT, 4 * UNIT)).toHaveLength(2);
  expect(ledger.overlapping(1, 3 * UNIT, UNIT)).toEqual([]);
});

test('what is remembered of cancels is bounded', () => {
  const ledger = new RequestLedger();
  for (let piece = 0; piece < 5000; piece++) {
    ledger.ask({ piece, offsetBytes: 0, lengthBytes: UNIT }, 0);
    ledger.cancelRange({ piece, offsetBytes: 0, lengthBytes: UNIT });
  }
  const forgiven = Array.from({ length: 5000 }, (_, piece) => ledger.settle(piece, 0, UNIT).kind).filter((kind) => kind === 'cancelled');
  expect(forgiven).toHaveLength(2000);
});
