import { expect, test } from 'vitest';
import { openSubtitles } from '@/src/ui/player/load-subtitles';

test('a subtitle file of the viewer’s own gives its cues', async () => {
  const file = new File(['0:01.0 --> 0:02.0\nWords'], 'any name.SRT');
  expect(await openSubtitles(file)).toEqual({ ok: true, cues: [{ startS: 1, endS: 2, text: 'Words' }] });
});

test.each([
  [new File(['Dear viewer'], 'letter.srt'), /no subtitles in it/],
  [new File([], 'empty.vtt'), /no subtitles in it/],
  [new File(['0:01.0 --> 0:02.0\nWords'], 'words.ass'), /\.srt and \.vtt/],
  [{ name: 'film.srt', size: 3_000_000, arrayBuffer: () => Promise.reject(new Error('it was read')) }, /larger than 2 MiB/],
  [{ name: 'gone.srt', size: 30, arrayBuffer: () => Promise.reject(new Error('gone')) }, /cannot be read/],
])('%# is refused in words', async (file, sentence) => {
  expect(await openSubtitles(file)).toEqual({ ok: false, sentence: expect.stringMatching(sentence) as string });
});
