import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_CUE_CHARS, MAX_CUES, MAX_CUES_AT_ONCE, parseSubtitles, type SubtitleCue } from '@/src/ui/state/subtitle-cues';
import { MAX_SUBTITLE_BYTES } from '@/src/ui/state/subtitle-text';

const texts = (source: string): readonly string[] => parseSubtitles(source).map(({ text }) => text);

describe('subtitles are read', () => {
  test('from SubRip, with numbers and commas', () => {
    const source = '1\n00:00:01,500 --> 00:00:04,000\nFirst line\nsecond line\n\n2\n01:02:03,004 --> 01:02:05,000\nNext\n';
    expect(parseSubtitles(source)).toEqual([
      { startS: 1.5, endS: 4, text: 'First line\nsecond line' },
      { startS: 3723.004, endS: 3725, text: 'Next' },
    ]);
  });

  test('from WebVTT, past its header, notes, styles, names and settings', () => {
    const source = [
      'WEBVTT - Title',
      '',
      'STYLE',
      '::cue { color: red }',
      '',
      'NOTE a remark',
      'of two lines',
      '',
      'intro',
      '00:01.000 --> 00:02.500 line:0 align:start',
      '<v Ann>Hello <c.loud>there</c> <00:01.500>you',
      '',
      '100:00:00.000 --> 100:00:01.000',
      'Late',
    ].join('\n');
    expect(parseSubtitles(source)).toEqual([
      { startS: 1, endS: 2.5, text: 'Hello there you' },
      { startS: 360_000, endS: 360_001, text: 'Late' },
    ]);
  });

  test.each([
    ['CRLF', '1\r\n00:00:01,000 --> 00:00:02,000\r\nWords\r\n\r\n'],
    ['CR alone', '1\r00:00:01,000 --> 00:00:02,000\rWords\r'],
    ['no number', '00:00:01,000 --> 00:00:02,000\nWords'],
    ['no hours', '0:01.000 --> 0:02.000\nWords'],
    ['no fraction', '00:00:01 --> 00:00:02\nWords'],
    ['a short fraction', '00:00:01.0-->00:00:02,0\nWords'],
    ['a byte order mark', '\uFEFF00:00:01,000 --> 00:00:02,000\nWords'],
    ['coordinates', '00:00:01,000 --> 00:00:02,000  X1:100 X2:200 Y1:1 Y2:2\nWords'],
  ])('with %s', (_what, source) => {
    expect(parseSubtitles(source)).toEqual([{ startS: 1, endS: 2, text: 'Words' }]);
  });

  test('where nothing stands between two cues', () => {
    expect(texts('1\n0:01,0 --> 0:02,0\nOne\n2\n0:03,0 --> 0:04,0\nTwo\n7\n\n')).toEqual(['One', 'Two\n7']);
  });

  test('in the order of their beginnings, overlapping ones too', () => {
    const source = '0:05.0 --> 0:06.0\nC\n\n0:01.0 --> 0:09.0\nA\n\n0:02.0 --> 0:03.0\nB';
    expect(texts(source)).toEqual(['A', 'B', 'C']);
  });

  test.each([
    ['<i>Leaning</i> and <B>bold</B>', 'Leaning and bold'],
    ['{\\an8}Above {\\i1}here{\\i0}', 'Above here'],
    ['<font color="#fff">White</font>', 'White'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<img src=x onerror=alert(1)>Picture', 'Picture'],
    ['I <3 you & {yours} > all', 'I <3 you & {yours} > all'],
    ['&lt;b&gt; &amp;lt; &copy;', '<b> &lt; &copy;'],
    ['A\u0000B\u0007C', 'A B C'],
    ['half \uD800 a pair', 'half \uFFFD a pair'],
  ])('%j is shown as %j', (written, shown) => {
    expect(texts(`0:01.0 --> 0:02.0\n${written}`)).toEqual([shown]);
  });
});

test.each([
  ['', 'nothing'],
  ['Just a letter.\n\nWith --> an arrow.', 'words'],
  ['0:02.0 --> 0:01.0\nBackwards', 'a time that runs backwards'],
  ['0:02.0 --> 0:02.0\nNever', 'no time at all'],
  ['0:01.0 --> 0:02.0\n<i></i>', 'no words'],
  ['\0'.repeat(1000), 'bytes'],
  ['[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Words', 'another form'],
])('there are no subtitles in %j: %s', (source) => {
  expect(parseSubtitles(source)).toEqual([]);
});

describe('hostile files', () => {
  test('of more cues than there may be are cut', () => {
    const source = Array.from({ length: MAX_CUES + 500 }, (_, second) => `${minute(second)}.0 --> ${minute(second)}.9\nx`);
    expect(parseSubtitles(source.join('\n\n'))).toHaveLength(MAX_CUES);
  });

  test('of thousands at one moment show few of them', () => {
    const cues = parseSubtitles('0:01.0 --> 9:00.0\nx\n\n'.repeat(15_000));
    expect(cues).toHaveLength(MAX_CUES_AT_ONCE);
  });

  test('of one endless cue are cut', () => {
    const [cue] = parseSubtitles(`0:01.0 --> 0:02.0\n${'word '.repeat(400_000)}`);
    expect(cue?.text.length).toBeLessThanOrEqual(MAX_CUE_CHARS);
  });

  test.each(['<a', '{\\', '&', '<', '\n', '1\n', '0:01', '-->', '0:01.0 --> 0:02.0\n', '0:01.0 --> 0:02.0\nx\n\n', ' ', '\r', '9'])(
    'made of %j alone, as long as may be, are read within a second',
    (part) => {
      const source = part.repeat(MAX_SUBTITLE_BYTES / part.length);
      const before = process.threadCpuUsage();
      parseSubtitles(source);
      parseSubtitles(`0:01.0 --> 0:02.0\n${source}`);
      expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(2000);
    },
  );

  test('of any kind give cues that can be shown', () => {
    const time = fc.tuple(fc.nat(200), fc.nat(99), fc.nat(99), fc.nat(9999)).map(([h, m, s, f]) => `${h}:${m}:${s}.${f}`);
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('\n', '\r\n', '\n\n', ' --> ', 'WEBVTT', '1', '<i>', '{\\an8}', '&amp;', '<<', '-'),
      fc.tuple(time, time).map(([start, end]) => `\n${start} --> ${end}\nwords\n\n`),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const cues = parseSubtitles(parts.join(''));
        for (const { startS, endS, text } of cues) {
          expect(Number.isFinite(endS) && startS >= 0 && endS > startS).toBe(true);
          expect(text.isWellFormed() && text.trim() === text && text !== '' && text.length <= MAX_CUE_CHARS).toBe(true);
          expect(text).not.toMatch(/[^\P{Cc}\n]/u);
        }
        expect(cues.map(({ startS }) => startS)).toEqual(cues.map(({ startS }) => startS).toSorted((left, right) => left - right));
        expect(busiest(cues)).toBeLessThanOrEqual(MAX_CUES_AT_ONCE);
      }),
    );
  });

  test('written as they were read are read the same', () => {
    const cue = fc.record({
      startMs: fc.nat(10_000_000),
      lengthMs: fc.integer({ min: 1, max: 9000 }),
      text: fc.stringMatching(/^[A-Za-z][A-Za-z ,.!?']{0,40}[a-z]$/),
    });
    fc.assert(
      fc.property(fc.uniqueArray(cue, { selector: ({ startMs }) => startMs, maxLength: MAX_CUES_AT_ONCE }), (cues) => {
        const source = cues.map(
          ({ startMs, lengthMs, text }, at) => `${at + 1}\n${stamp(startMs)} --> ${stamp(startMs + lengthMs)}\n${text}\n`,
        );
        const expected = cues
          .toSorted((left, right) => left.startMs - right.startMs)
          .map(({ startMs, lengthMs, text }) => ({ startS: startMs / 1000, endS: (startMs + lengthMs) / 1000, text }));
        expect(parseSubtitles(source.join('\n'))).toEqual(expected);
      }),
    );
  });
});

function busiest(cues: readonly SubtitleCue[]): number {
  return Math.max(0, ...cues.map(({ startS }) => cues.filter((cue) => cue.startS <= startS && cue.endS > startS).length));
}

function minute(second: number): string {
  return `${Math.floor(second / 60)}:${second % 60}`;
}

function stamp(ms: number): string {
  const [h, m, s] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((part) => String(Math.floor(part)).padStart(2, '0'));
  return `${h}:${m}:${s},${String(ms % 1000).padStart(3, '0')}`;
}
