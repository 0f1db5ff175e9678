import { expect, test } from 'vitest';
import { ableTo, baselines, SYSTEM_NAMES } from '@/tests/bench/systems';

test('bare channels are left out where the film is played', () => {
  expect(ableTo(true, ['native', 'raw', 'webtorrent-opfs', 'raw-4'])).toEqual(['native', 'webtorrent-opfs']);
  expect(ableTo(false, SYSTEM_NAMES)).toEqual(SYSTEM_NAMES);
});

test('the extension is compared with plain pages and bare channels, or with its first mode', () => {
  expect(baselines(['native', 'hybrid', 'webtorrent-memory', 'raw'])).toEqual(['webtorrent-memory', 'raw']);
  expect(baselines(['hybrid', 'native'])).toEqual(['hybrid']);
});
