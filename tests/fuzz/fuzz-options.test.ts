import { expect, test } from 'vitest';
import { readFuzzOptions, UsageError } from './fuzz-options';
import { readInput, writeInput } from './pinned-input';

const KNOWN = ['bencode', 'magnet'];

test('without options every target is tried for a minute, from a seed of chance', () => {
  expect(readFuzzOptions([], KNOWN, 7)).toEqual({ seconds: 60, seed: 7, targets: KNOWN });
});

test('a run is repeated by its seed and its target', () => {
  const args = ['--seconds', '5', '--seed', '42', '--target', 'magnet'];
  expect(readFuzzOptions(args, KNOWN, 7)).toEqual({ seconds: 5, seed: 42, targets: ['magnet'] });
});

test.each([[['--seconds', '0']], [['--seconds', 'long']], [['--seed', '-1']], [['--target', 'else']], [['--else']]])(
  '%j is refused in words',
  (args) => {
    expect(() => readFuzzOptions(args, KNOWN, 7)).toThrow(UsageError);
  },
);

test('help is no run', () => {
  expect(readFuzzOptions(['--help'], KNOWN, 7)).toBeUndefined();
});

test('an input comes out of its file as it went in', () => {
  const input = {
    bytes: Uint8Array.of(0, 255),
    map: new Map<string, unknown>([['a', Uint8Array.of(1)]]),
    numbers: [Number.NaN, -0, Number.POSITIVE_INFINITY, 1.5],
    text: '\uD800\u0000\uFEFF',
    missing: undefined,
    nested: [{ ['__proto__']: 1 }, null, []],
  };
  expect(readInput(writeInput(input))).toEqual(input);
});
