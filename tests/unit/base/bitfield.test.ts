import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';

describe('a bitfield', () => {
  test('starts empty, and counts a bit once however often it is set', () => {
    const field = new Bitfield(10);
    expect([field.count, field.isFull, field.has(3)]).toEqual([0, false, false]);
    expect([field.add(3), field.add(3), field.count, field.has(3)]).toEqual([true, false, 1, true]);
    expect([field.delete(3), field.delete(3), field.count, field.has(3)]).toEqual([true, false, 0, false]);
  });

  test('keeps the first bit highest, as BEP 3 sends it', () => {
    const field = new Bitfield(10);
    field.add(0);
    field.add(9);
    expect(field.bytes).toEqual(Uint8Array.of(0b1000_0000, 0b0100_0000));
  });

  test('has no bit outside its length', () => {
    const field = Bitfield.full(10);
    expect([field.has(-1), field.has(10), field.delete(10)]).toEqual([false, false, false]);
    expect(() => field.add(10)).toThrow('Invariant broken');
    expect(() => field.add(-1)).toThrow('Invariant broken');
  });

  test('is full with all of its bits, and with none when it has none', () => {
    expect([Bitfield.full(10).count, Bitfield.full(10).isFull]).toEqual([10, true]);
    expect(Bitfield.full(10).bytes).toEqual(Uint8Array.of(0xff, 0b1100_0000));
    expect(new Bitfield(0).isFull).toBe(true);
  });

  test('has a length that is a number of bits', () => {
    expect(() => new Bitfield(-1)).toThrow('Invariant broken');
    expect(() => new Bitfield(1.5)).toThrow('Invariant broken');
  });

  test('is not read from bytes of another length or with a spare bit set', () => {
    expect(Bitfield.from(Uint8Array.of(0xff), 9)).toBeUndefined();
    expect(Bitfield.from(Uint8Array.of(0xff, 0, 0), 9)).toBeUndefined();
    expect(Bitfield.from(Uint8Array.of(0, 0b0100_0000), 9)).toBeUndefined();
    expect(Bitfield.from(Uint8Array.of(0, 0b1000_0000), 9)?.count).toBe(1);
  });

  test('is copied by reading and by cloning', () => {
    const bytes = Uint8Array.of(0x80);
    const field = Bitfield.from(bytes, 8);
    const clone = field?.clone();
    bytes[0] = 0;
    clone?.add(1);
    expect([field?.count, field?.has(0), clone?.count]).toEqual([1, true, 2]);
  });

  test('agrees with a set of numbers after any changes', () => {
    const change = fc.record({ index: fc.nat(40), set: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const field = new Bitfield(41);
        const expected = new Set<number>();
        for (const { index, set } of changes) {
          expect(set ? field.add(index) : field.delete(index)).toBe(set ? !expected.has(index) : expected.has(index));
          if (set) expected.add(index);
          else expected.delete(index);
        }
        expect(field.count).toBe(expected.size);
        const read = Bitfield.from(field.bytes, 41);
        expect(Array.from({ length: 41 }, (_, index) => read?.has(index))).toEqual(
          Array.from({ length: 41 }, (_, index) => expected.has(index)),
        );
        expect(read?.count).toBe(expected.size);
      }),
    );
  });
});
