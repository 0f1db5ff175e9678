import { expect, test } from 'vitest';
import { repeatedAddressIndex } from '@/src/settings/repeated-address';

test('an address is the same with a slash at its end and in other letters', () => {
  expect(repeatedAddressIndex(['https://a.example', 'https://b.example', 'HTTPS://A.example/'])).toBe(2);
  expect(repeatedAddressIndex(['https://a.example', 'http://a.example'])).toBe(-1);
  expect(repeatedAddressIndex([])).toBe(-1);
});
