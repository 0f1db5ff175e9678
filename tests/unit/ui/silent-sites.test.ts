import { describe, expect, it } from 'vitest';
import { checkSilentSites, siteOfText } from '@/src/ui/state/silent-sites';

describe('a site', () => {
  it.each([
    ['example.org', 'example.org'],
    [' www.example.org ', 'example.org'],
    ['https://www.example.org/films?x=1#y', 'example.org'],
    ['http://127.0.0.1:8080/', '127.0.0.1'],
    ['nonsense here', 'nonsense here'],
  ])('is read from what people paste: %s', (text, site) => {
    expect(siteOfText(text)).toBe(site);
  });
});

describe('the list', () => {
  it('takes names, in lower case', () => {
    expect(checkSilentSites(['Example.ORG', 'localhost'])).toEqual({ ok: true, value: ['example.org', 'localhost'] });
  });

  it.each([
    [['example.org', 'EXAMPLE.org'], 'This site is in the list already.'],
    [['a b'], 'Write the name of a site, for example example.org'],
  ])('says what is wrong with %j', (sites, sentence) => {
    expect(checkSilentSites(sites)).toEqual({ ok: false, sentence });
  });
});
