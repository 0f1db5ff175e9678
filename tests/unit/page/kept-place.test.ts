import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeFrom } from '@/src/page/kept-place';

test('what was kept is read as it was', () => {
  const place = { mode: 'mini', leftPx: 10, topPx: 0, widthPx: 480.5, corner: { atRight: false, atBottom: true } };
  expect(placeFrom(JSON.parse(JSON.stringify(place)))).toEqual(place);
  expect(placeFrom({ mode: 'fill' })).toEqual({ mode: 'fill' });
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', 'mini'],
  ['a mode that is none', { mode: 'constructor', leftPx: 1, topPx: 1 }],
  ['no mode', { leftPx: 1, topPx: 1 }],
])('%s is no place', (_what, stored) => {
  expect(placeFrom(stored)).toBeUndefined();
});

test.each([
  ['lengths that are no numbers', { leftPx: '10', topPx: {}, widthPx: '1px; background: url(https://example.org)' }],
  ['lengths beyond any screen', { leftPx: -1, topPx: 1e300, widthPx: Number.NaN }],
  ['one coordinate only', { leftPx: 10 }],
  ['half a corner', { corner: { atRight: true } }],
  ['more than there is', { __proto__: { widthPx: 5 }, onclick: 'x' }],
])('of %s the default is left', (_what, stored) => {
  expect(placeFrom({ mode: 'window', ...stored })).toEqual({ mode: 'window' });
});

test('nothing that can be stored throws, or comes back but as lengths and truths', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (stored, leftPx, corner) => {
      placeFrom(stored);
      const place = placeFrom({ mode: 'mini', leftPx, topPx: leftPx, widthPx: leftPx, corner });
      for (const [name, value] of Object.entries(place ?? {})) {
        expect(typeof value).toBe(name === 'mode' ? 'string' : name === 'corner' ? 'object' : 'number');
      }
    }),
  );
});
