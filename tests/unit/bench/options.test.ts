import { expect, test } from 'vitest';
import { readOptions, UsageError } from '@/tests/bench/options';
import { USUAL_SCENARIOS } from '@/tests/bench/scenarios';
import { SYSTEM_NAMES } from '@/tests/bench/systems';

test('without options everything but the big film is measured three times', () => {
  expect(readOptions([])).toEqual({
    scenarios: USUAL_SCENARIOS,
    systems: SYSTEM_NAMES,
    runs: 3,
    filmBytes: undefined,
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
  [['--film-mb', '0'], /--film-mb is a whole number/],
  [['--film-mb', '4GB'], /--film-mb is a whole number/],
  [['--fast'], /--fast/],
  [['playing'], /playing/],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(UsageError);
  expect(() => readOptions(args)).toThrow(sentence);
});

test('a film of another size is asked for in megabytes', () => {
  expect(readOptions(['--scenario', 'big', '--film-mb', '1000'])).toMatchObject({ scenarios: ['big'], filmBytes: 1e9 });
});

test('help is no run', () => {
  expect(readOptions(['--help'])).toBeUndefined();
});
