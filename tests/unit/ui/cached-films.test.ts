import { expect, test } from 'vitest';
import type { StoredFilmSnapshot } from '@/src/protocol/engine-api';
import { parseInfoHash, type InfoHash } from '@/src/protocol/ids';
import { cachedFilms } from '@/src/ui/state/cached-films';
import { exampleSession } from './session-examples';
import { notice } from '@/src/protocol/notice';

const STORED = { roomBytes: 5000, watchedAtMs: 7 };

function hash(digit: string): InfoHash {
  const parsed = parseInfoHash(digit.repeat(40));
  if (parsed === undefined) throw new Error('the example hash is valid');
  return parsed;
}

function closedFilm(digit: string): StoredFilmSnapshot {
  return { infoHash: hash(digit), name: `closed ${digit}`, storedBytes: 1, totalBytes: 2, roomBytes: 3, watchedAtMs: 4 };
}

function films(sessions: Parameters<typeof cachedFilms>[0]['sessions'], closed: readonly StoredFilmSnapshot[] = []) {
  return cachedFilms({ sessions, store: { quotaBytes: 0, usedBytes: 0, films: closed } });
}

test('films that are open come first, and no film twice', () => {
  const sessions = [exampleSession({ id: hash('a'), stored: STORED })];
  expect(films(sessions, [closedFilm('a'), closedFilm('b')])).toEqual([
    { infoHash: hash('a'), name: 'Film', ...STORED, use: 'playing' },
    { infoHash: hash('b'), name: 'closed b', roomBytes: 3, watchedAtMs: 4, use: undefined },
  ]);
});

test('files of the viewer’s own and films of which nothing has come are not in the cache', () => {
  expect(films([exampleSession({ stored: undefined }), exampleSession({ stored: { ...STORED, roomBytes: 0 } })])).toEqual([]);
});

test('it is said whether a film plays, is paused, failed, or is only passed on', () => {
  const uses = [
    exampleSession({ stored: STORED }),
    exampleSession({ stored: STORED, state: { kind: 'paused', reason: 'user' } }),
    exampleSession({ stored: STORED, state: { kind: 'failed', code: 'store-failed', advice: notice('storeFailed') } }),
    exampleSession({ stored: STORED, views: 0 }),
  ].flatMap((session) => films([session]).map(({ use }) => use));
  expect(uses).toEqual(['playing', 'paused', 'failed', 'sharing']);
});
