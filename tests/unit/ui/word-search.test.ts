import { expect, test } from 'vitest';
import { hasEveryTerm, hasSomeTerm, searchTerms } from '@/src/ui/state/word-search';

const TEXT = 'Relay only: hide my address from peers. The TURN server’s host pays';

test.each(['', '  ', 'relay', ' RELAY  turn ', 'server’s', "server's", 'addr', 'rélay', 'ｔｕｒｎ'])('"%s" is found', (query) => {
  expect(hasEveryTerm(TEXT, searchTerms(query))).toBe(true);
});

test.each(['tracker', 'relay tracker', 'only relays', '.*', '\\w'])('"%s" is not', (query) => {
  expect(hasEveryTerm(TEXT, searchTerms(query))).toBe(false);
});

test('one of several words can be enough', () => {
  expect(hasSomeTerm(TEXT, searchTerms('relay tracker'))).toBe(true);
  expect(hasSomeTerm(TEXT, [])).toBe(false);
});
