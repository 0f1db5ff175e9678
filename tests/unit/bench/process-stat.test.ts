import { expect, test } from 'vitest';
import { parseBusySeconds, parseProcessStat, parsePssBytes } from '@/tests/bench/proc/process-stat';

const AFTER_NAME = 'S 41 41 41 0 -1 4194560 1200 0 3 0 250 50 900 900 20 0 12 0 5000 1000000 2000';

test('parent and CPU time are read; time of children that were waited for is not counted', () => {
  expect(parseProcessStat(`42 (chromium) ${AFTER_NAME}`)).toEqual({ pid: 42, parentPid: 41, cpuSeconds: 3 });
});

test('a name with blanks and parentheses does not shift the fields', () => {
  expect(parseProcessStat(`42 (a) b) (c) ${AFTER_NAME}`)).toEqual({ pid: 42, parentPid: 41, cpuSeconds: 3 });
});

test.each([[''], ['42 (chromium) S'], ['nonsense']])('%j is no process', (text) => {
  expect(parseProcessStat(text)).toBeUndefined();
});

test('the proportional share of memory is read, not the parts of it', () => {
  const text = '55bec7966000-7ffe7f211000 ---p 00000000 00:00 0 [rollup]\nRss:  9000 kB\nPss:  278 kB\nPss_Dirty: 112 kB\n';
  expect(parsePssBytes(text)).toBe(278 * 1024);
  expect(parsePssBytes('')).toBeUndefined();
});

test("the machine's busy time leaves out idling, waiting for disks and time stolen from it", () => {
  expect(parseBusySeconds('cpu  100 20 30 99999 99999 5 45 99999 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toBe(2);
  expect(parseBusySeconds('')).toBeUndefined();
});
