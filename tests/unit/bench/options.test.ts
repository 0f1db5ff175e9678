import { expect, test } from 'vitest';
import { readOptions, UsageError } from '@/tests/bench/options';
import { SCENARIO_NAMES } from '@/tests/bench/scenarios';
import { SYSTEM_NAMES } from '@/tests/bench/systems';

test('without options everything is measured three times', () => {
  expect(readOptions([])).toEqual({
    scenarios: SCENARIO_NAMES,
    systems: SYSTEM_NAMES,
    runs: 3,
    jsonPath: undefined,
    extensionDir: undefined,
  });
});

test('what was chosen is measured once each, in the order of the list', () => {
  const args = ['--system', 'webtorrent-opfs', '--system', 'native', '--system', 'native', '--scenario', 'playing'];
  const options = readOptions([...args, '--runs', '5', '--json', 'out.json']);
  expect(options).toMatchObject({ scenarios: ['playing'], systems: ['native', 'webtorrent-opfs'], runs: 5, jsonPath: 'out.json' });
});

test.each([
  [['--system', 'bittorrent'], /there are native/],
  [['--scenario', 'moon'], /there are loopback/],
  [['--runs', '0'], /whole number/],
  [['--runs', '2.5'], /whole number/],
  [['--scenario', 'loopback', '--scenario', 'playing', '--system', 'raw'], /playing: bare channels play nothing/],
  [['--fast'], /--fast/],
  [['playing'], /playing/],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(UsageError);
  expect(() => readOptions(args)).toThrow(sentence);
});

test('help is no run', () => {
  expect(readOptions(['--help'])).toBeUndefined();
});
