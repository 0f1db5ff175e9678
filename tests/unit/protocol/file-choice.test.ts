import { describe, expect, it } from 'vitest';
import { chooseFile, inReadingOrder } from '@/src/protocol/file-choice';
import { exampleFile } from '@/tests/unit/ui/session-examples';

const film = exampleFile({ index: 2, path: ['film.mkv'] });
const song = exampleFile({ index: 1, path: ['song.mp3'], kind: 'audio' });
const text = exampleFile({ index: 0, path: ['read me.txt'], kind: 'other' });

describe('which file plays', () => {
  it('is the one the link asks for, even among several', () => {
    expect(chooseFile([text, song, film], 1)).toEqual({ kind: 'chosen', fileIndex: 1 });
  });

  it('is the only one that can play', () => {
    expect(chooseFile([text, film], undefined)).toEqual({ kind: 'chosen', fileIndex: 2 });
  });

  it('is asked when several can play', () => {
    expect(chooseFile([song, film], undefined)).toEqual({ kind: 'ask' });
  });

  it('is asked when none can play', () => {
    expect(chooseFile([text], undefined)).toEqual({ kind: 'ask' });
  });

  it('does not follow a link to a file that is not there', () => {
    expect(chooseFile([text, film], 99)).toEqual({ kind: 'chosen', fileIndex: 2 });
  });
});

describe('the file list', () => {
  it('puts what plays first, folders last, and counts as people do', () => {
    const paths = [['notes.txt'], ['Extras', 'a.mp4'], ['Part 10.mp4'], ['Part 2.mp4']];
    const files = paths.map((path, index) => exampleFile({ index, path, kind: path[0] === 'notes.txt' ? 'other' : 'video' }));
    expect(inReadingOrder(files).map((file) => file.path.join('/'))).toEqual(['Part 2.mp4', 'Part 10.mp4', 'Extras/a.mp4', 'notes.txt']);
  });
});
