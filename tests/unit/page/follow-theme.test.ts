import { expect, test } from 'vitest';
import { readTheme } from '@/src/page/follow-theme';

test.each(['light', 'dark'])('what the viewer chose is read from storage: %s', (theme) => {
  expect(readTheme({ theme })).toBe(theme);
});

test.each([undefined, null, 'dark', [], {}, { theme: 'system' }, { theme: 'red; position: static' }, { theme: ['dark'] }])(
  'whatever else is there leaves it to the system: %j',
  (stored) => {
    expect(readTheme(stored)).toBe('');
  },
);
