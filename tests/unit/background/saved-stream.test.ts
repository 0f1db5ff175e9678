import { describe, expect, test } from 'vitest';
import { attachment, savedAs } from '@/src/background/saved-stream';

function named(query: string): string | undefined {
  return savedAs(new URL(`chrome-extension://abc/stream/x/0${query}`));
}

describe('a stream that is saved', () => {
  test('is one whose address says under which name', () => {
    expect([named(''), named('?save=film.mp4'), named('?save=')]).toEqual([undefined, 'film.mp4', 'film']);
  });

  test('has a name of bounded length that keeps its end, and half a character is none', () => {
    expect(named(`?save=${'x'.repeat(500)}.mp4`)).toHaveLength(200);
    expect(named(`?save=${'x'.repeat(500)}.mp4`)).toMatch(/x\.mp4$/);
    expect(attachment('\uD800'.toWellFormed())).toBe("attachment; filename*=UTF-8''%EF%BF%BD");
  });

  test('names cannot leave their place in the header (RFC 8187)', () => {
    expect(attachment(`a"b'c(d)*e\r\nx: y;ü`)).toBe("attachment; filename*=UTF-8''a%22b%27c%28d%29%2Ae%0D%0Ax%3A%20y%3B%C3%BC");
  });
});
