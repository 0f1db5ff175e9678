import { expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';
import { Availability } from '@/src/scheduler/availability';

function holding(length: number, ...pieces: readonly number[]): Bitfield {
  const field = new Bitfield(length);
  for (const piece of pieces) field.add(piece);
  return field;
}

function counts(availability: Availability, length: number): number[] {
  return Array.from({ length }, (_, piece) => availability.of(piece));
}

test('peers that come, gain pieces, lose some and go are counted', () => {
  const availability = new Availability(4);
  availability.addPeer(holding(4, 0, 1));
  availability.addPeer(Bitfield.full(4));
  expect(counts(availability, 4)).toEqual([2, 2, 1, 1]);
  availability.addPiece(3);
  availability.dropPiece(0);
  expect(counts(availability, 4)).toEqual([1, 2, 1, 2]);
  availability.removePeer(Bitfield.full(4));
  expect(counts(availability, 4)).toEqual([0, 1, 0, 1]);
});

test('a count never falls below zero, and unknown pieces are held by nobody', () => {
  const availability = new Availability(2);
  availability.dropPiece(0);
  availability.addPiece(0);
  expect(counts(availability, 3)).toEqual([1, 0, 0]);
  expect(availability.of(-1)).toBe(0);
});
