import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentType, fileKind } from '@/src/protocol/file-kind';

test.each([
  ['Film.mp4', 'video', 'video/mp4'],
  ['Film.MKV', 'video', 'video/x-matroska'],
  ['folder.mp4/track.flac', 'audio', 'audio/flac'],
  ['a.b.c.webm', 'video', 'video/webm'],
  ['cover.jpeg', 'image', 'image/jpeg'],
  ['Film.en.srt', 'subtitles', 'application/x-subrip'],
  ['.mp4', 'video', 'video/mp4'],
  ['mp4', 'other', 'application/octet-stream'],
  ['folder.mp4/readme', 'other', 'application/octet-stream'],
  ['Film.mp4.exe', 'other', 'application/octet-stream'],
  ['Film.mp4 ', 'other', 'application/octet-stream'],
  ['Film.constructor', 'other', 'application/octet-stream'],
  ['', 'other', 'application/octet-stream'],
])('%j is %s, served as %s', (path, kind, type) => {
  expect([fileKind(path), contentType(path)]).toEqual([kind, type]);
});

test('of a list of segments the last one counts', () => {
  expect(fileKind(['folder.mp4', 'notes.txt'])).toBe('other');
  expect(contentType(['folder', 'Film.webm'])).toBe('video/webm');
  expect(fileKind([])).toBe('other');
});

test('no name makes a stranger’s file a document or a script', () => {
  const extension = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('html', 'htm', 'xhtml', 'svg', 'SVG', 'xml', 'js', 'mjs', 'css', 'pdf', 'json', 'wasm', 'mht', 'shtml', 'xsl'),
  );
  fc.assert(
    fc.property(fc.string(), extension, (name, ending) => {
      expect(contentType(`${name}.${ending}`)).toMatch(
        /^(?:video|audio)\/|^image\/(?!svg)|^text\/(?:vtt|x-ssa)$|^application\/(?:octet-stream|x-subrip)$/,
      );
    }),
  );
});
