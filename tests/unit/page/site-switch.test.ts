import { describe, expect, test } from 'vitest';
import { isSilent, readClickScope } from '@/src/page/site-switch';

describe('where a click counts', () => {
  test.each([
    ['example.org', true],
    ['www.example.org', true],
    ['a.b.example.org', true],
    ['notexample.org', false],
    ['example.org.evil.example', false],
    ['org', false],
    ['', false],
  ])('with example.org left alone, %j is: %j', (site, silent) => {
    expect(isSilent(site, { playOn: 'click', silentSites: ['example.org'] })).toBe(silent);
  });

  test('nowhere, if only the menu plays', () => {
    expect(isSilent('anything.example', { playOn: 'menu', silentSites: [] })).toBe(true);
  });
});

test.each([
  undefined,
  null,
  7,
  'menu',
  [],
  {},
  { playOn: 'never', silentSites: 'all' },
  { playOn: ['menu'], silentSites: [null, 5, '', {}] },
])('what storage should not hold means that clicks count: %j', (stored) => {
  expect(readClickScope(stored)).toEqual({ playOn: 'click', silentSites: [] });
});

test('what storage holds is read', () => {
  const stored = { playOn: 'menu', silentSites: ['a.example', 3, 'b.example'], trackers: [] };
  expect(readClickScope(stored)).toEqual({ playOn: 'menu', silentSites: ['a.example', 'b.example'] });
});
