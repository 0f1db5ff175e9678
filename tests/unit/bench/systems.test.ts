import { expect, test } from 'vitest';
import { SCENARIOS } from '@/tests/bench/scenarios';
import { ableTo, baselines, SYSTEM_NAMES } from '@/tests/bench/systems';

test('bare channels are left out where the film is played, and of swarms', () => {
  expect(ableTo(SCENARIOS.swarm, ['native', 'raw'])).toEqual(['native']);
  expect(ableTo(SCENARIOS.playing, ['native', 'raw', 'webtorrent-opfs', 'raw-4'])).toEqual(['native', 'webtorrent-opfs']);
  expect(ableTo(SCENARIOS.loopback, SYSTEM_NAMES)).toEqual(SYSTEM_NAMES);
});

test('the extension is compared with plain pages and bare channels, or with its first mode', () => {
  expect(baselines(['native', 'hybrid', 'webtorrent-memory', 'raw'])).toEqual(['webtorrent-memory', 'raw']);
  expect(baselines(['hybrid', 'native'])).toEqual(['hybrid']);
});
