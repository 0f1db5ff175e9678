import { expect, test } from 'vitest';
import { offsetWords } from '@/src/ui/state/subtitle-words';

test('an offset is said the way it is heard', () => {
  expect([0, 0.5, -2].map(offsetWords)).toEqual(['as written', '0.5 s later', '2 s earlier']);
});
