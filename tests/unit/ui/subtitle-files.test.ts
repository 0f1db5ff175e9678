import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileSnapshot } from '@/src/protocol/engine-api';
import { fileKind } from '@/src/protocol/file-kind';
import { subtitleFiles } from '@/src/ui/state/subtitle-files';

function torrent(...paths: readonly string[]): readonly FileSnapshot[] {
  return paths.map((path, index) => ({
    index,
    path: path.split('/'),
    kind: fileKind(path),
    lengthBytes: 1000,
    verifiedBytes: 0,
    selected: false,
    positionS: undefined,
  }));
}

function found(files: readonly FileSnapshot[], film = 0, languages: readonly string[] = ['en-US', 'en']): readonly string[] {
  const playing = files[film];
  if (playing === undefined) throw new Error('there is no such file');
  return subtitleFiles(files, playing, languages).map(({ file }) => file.path.join('/'));
}

describe('the subtitles of a film', () => {
  test('are those with its name, and with a language behind it', () => {
    expect(found(torrent('film.mkv', 'film.srt', 'film.en.srt', 'Film.de.VTT', 'film.nfo', 'film.ass'))).toEqual([
      'film.en.srt',
      'film.srt',
      'Film.de.VTT',
    ]);
  });

  test('of a torrent of several are not those of the others', () => {
    const files = torrent(
      'part-1.mp4',
      'part-2.mp4',
      'part-10.mp4',
      'subtitles/part-1.srt',
      'subtitles/part-2.srt',
      'subtitles/part-10.srt',
    );
    expect(found(files, 0)).toEqual(['subtitles/part-1.srt']);
    expect(found(files, 1)).toEqual(['subtitles/part-2.srt']);
    expect(found(files, 2)).toEqual(['subtitles/part-10.srt']);
  });

  test('go to the film with the longer name, where two would do', () => {
    const files = torrent('Alien.mkv', 'Alien 2.mkv', 'Alien.en.srt', 'Alien.2.en.srt');
    expect(found(files, 0)).toEqual(['Alien.en.srt']);
    expect(found(files, 1)).toEqual(['Alien.2.en.srt']);
  });

  test('of two seasons lie in the folder of each', () => {
    const files = torrent('one/01.mkv', 'two/01.mkv', 'one/01.srt', 'two/Subs/01.srt');
    expect(found(files, 0)).toEqual(['one/01.srt']);
    expect(found(files, 1)).toEqual(['two/Subs/01.srt']);
  });

  test('are known by the episode', () => {
    const files = torrent('Show.S01E01.1080p.mkv', 'Show.S01E02.1080p.mkv', 'Subs/Show - 1x01 - Pilot.srt', 'Subs/show s01e02 en.srt');
    expect(found(files, 0)).toEqual(['Subs/Show - 1x01 - Pilot.srt']);
    expect(found(files, 1)).toEqual(['Subs/show s01e02 en.srt']);
  });

  test('may lie in a folder of its name', () => {
    const files = torrent('Show.E01.mkv', 'Show.E02.mkv', 'Subs/Show.E01/2_English.srt', 'Subs/Show.E02/2_English.srt');
    expect(found(files, 1)).toEqual(['Subs/Show.E02/2_English.srt']);
  });

  test('have any name where there is one film alone', () => {
    expect(found(torrent('Big.Film.2020.mkv', 'Subs/3_Spanish.srt', 'words.vtt', 'Subs/2_English.srt'))).toEqual([
      'Subs/2_English.srt',
      'Subs/3_Spanish.srt',
      'words.vtt',
    ]);
    expect(found(torrent('a/one.mkv', 'b/two.mkv', 'a/words.srt', 'Subs/English.srt'), 0)).toEqual(['a/words.srt']);
  });

  test('come in the languages of the viewer first, whole before forced', () => {
    const files = torrent('f.mkv', 'f.en.forced.srt', 'f.en.srt', 'f.en.sdh.srt', 'f.spa.srt', 'f.ger.srt', 'f.Deutsch.srt');
    expect(found(files, 0, ['de', 'en-GB'])).toEqual([
      'f.Deutsch.srt',
      'f.ger.srt',
      'f.en.srt',
      'f.en.sdh.srt',
      'f.en.forced.srt',
      'f.spa.srt',
    ]);
  });
});

test('what a name says of the language is read', () => {
  expect(read('The Film.srt')).toEqual([undefined, undefined, '']);
  expect(read('The.Film.en.srt')).toEqual(['en', 'English', '']);
  expect(read('The_Film.pt-BR.forced.srt')).toEqual(['pt-BR', 'Brazilian Portuguese', 'forced']);
  expect(read('The Film [fre].vtt')).toEqual(['fr', 'French', '']);
  expect(read('The Film.hi.srt')).toEqual(['hi', 'Hindi', '']);
  expect(read('The Film.en.hi.srt')).toEqual(['en', 'English', 'for the deaf']);
  expect(read('Subs/2_English.srt')).toEqual([undefined, 'English', '']);
  expect(read('The Film.by the.srt')).toEqual([undefined, 'by the', '']);
});

test('names of any kind are looked through', () => {
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('film', 'film.en', 's01e01', 'Subs', 'x-y-z-en'));
  const path = fc.tuple(fc.array(name, { maxLength: 3 }), name, fc.constantFrom('.srt', '.mkv', '.vtt', ''));
  fc.assert(
    fc.property(
      fc.array(path, { minLength: 1, maxLength: 12 }),
      fc.array(fc.constantFrom('en-US', 'de', 'zh-Hant')),
      (paths, languages) => {
        const files = torrent('film.mkv', ...paths.map(([folders, base, end]) => [...folders, base + end].join('/')));
        for (const one of found(files, 0, languages)) expect(one).toMatch(/\.(srt|vtt)$/);
      },
    ),
    { numRuns: 40 },
  );
});

test('a torrent of thousands is looked through in time', () => {
  const many = torrent(...Array.from({ length: 5000 }, (_, at) => [`a/b/${at}.mkv`, `a/b/${at}.en.srt`]).flat());
  const before = process.threadCpuUsage();
  expect(found(many, 0)).toEqual(['a/b/0.en.srt']);
  expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1500);
});

function read(name: string): unknown {
  const [film, subtitles] = torrent('The Film.mkv', name);
  if (film === undefined || subtitles === undefined) throw new Error('there are two');
  const [one] = subtitleFiles([film, subtitles], film, []);
  return one === undefined ? undefined : [one.language.tag, one.language.name, one.language.notes.join()];
}
