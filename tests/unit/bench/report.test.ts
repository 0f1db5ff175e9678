import { expect, test } from 'vitest';
import { scenarioTable } from '@/tests/bench/report';

const three = (median: number) => ({ median, min: median - 1, max: median + 1, n: 3 });

test('each system has a column of medians with their range, and one of its ratio to each plain page', () => {
  const table = scenarioTable('loopback', {
    native: { rateMBps: three(15), overlayMs: three(40) },
    'webtorrent-opfs': { rateMBps: three(10) },
    'webtorrent-memory': { rateMBps: three(12) },
  });
  const [title, , runs, , head, , overlay, rate] = table.split('\n');
  expect(title).toMatch(/^### loopback: one seeder/);
  expect(runs).toBe('Median (min–max) of 3.');
  expect(head).toBe('|  | native | webtorrent-opfs | webtorrent-memory | native ÷ webtorrent-opfs | native ÷ webtorrent-memory |');
  expect(overlay).toBe('| click → player open, ms | 40 (39–41) | – | – | – | – |');
  expect(rate).toMatch(/\| 15\.0 \(14\.0–16\.0\) \| 10\.0 \(9\.0–11\.0\) \| 12\.0 \(11\.0–13\.0\) \| 1\.50 × \| 1\.25 × \|$/);
});

test('without a plain page the first system is what others are compared with', () => {
  const table = scenarioTable('playing', { native: { firstFrameMs: three(300) }, hybrid: { firstFrameMs: three(330) } });
  expect(table).toContain('hybrid ÷ native');
  expect(table).toMatch(/330 \(329–331\) \| 1\.10 ×/);
});

test('a single run has no range, and what nobody measured has no row', () => {
  const table = scenarioTable('limited', { native: { rateMBps: { median: 2.4, min: 2.4, max: 2.4, n: 1 } } });
  expect(table).toMatch(/\| 2\.4 \|$/);
  expect(table).not.toContain('heap');
});
