import { expect, test } from 'vitest';
import { readSingleKeys } from '@/src/page/single-keys';
import { DEFAULT_SETTINGS } from '@/src/settings/schema';

test.each([true, false])('what the viewer chose is read from storage: %s', (singleKeys) => {
  expect(readSingleKeys({ ...DEFAULT_SETTINGS, singleKeys })).toBe(singleKeys);
});

test.each([undefined, null, 'false', [], {}, { singleKeys: 'no' }, { singleKeys: 0 }])(
  'whatever else is there is the default: %j',
  (stored) => {
    expect(readSingleKeys(stored)).toBe(DEFAULT_SETTINGS.singleKeys);
  },
);
