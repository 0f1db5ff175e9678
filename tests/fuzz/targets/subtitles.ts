import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { SUBTITLE_SIZES, subtitleSettingsFromStored } from '@/src/settings/subtitle-settings';
import { MAX_CUE_CHARS, MAX_CUES, MAX_CUES_AT_ONCE, parseSubtitles, type SubtitleCue } from '@/src/ui/state/subtitle-cues';
import { decodeSubtitles, MAX_SUBTITLE_BYTES } from '@/src/ui/state/subtitle-text';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { mutatedBytes, mutatedJson, mutatedText } from '../mutations';

/** Subtitle files of strangers, and what is stored of how subtitles look. */

const files = fc.constantFrom(
  '1\n00:00:01,000 --> 00:00:04,000\n<i>Words</i>\n\n2\n00:00:03,500 --> 00:00:09,000\n{\\an8}More &amp; more\n',
  '\uFEFFWEBVTT\n\nNOTE none\n\nid\n00:01.000 --> 01:02:03.000 line:0\n<v Ann>Words <00:02.000>later\n\n99:00:00.000 --> 99:00:01.000\nend',
  '0:1 --> 0:2\r\nA\r\n3\r\n0:2 -> 0:3\r\nB\r\n',
);
const tokens = ['-->', ' --> ', '\n\n', '00:00:01,000', '9999:999:99.999999', '<', '<a', '{\\', '&amp;', '1\n', '0:1 --> 9:9\nx\n\n'];
const settings = v.strictObject({ shown: v.boolean(), size: v.picklist(SUBTITLE_SIZES), background: v.boolean() });

export const SUBTITLES: FuzzTarget = {
  name: 'subtitles',
  runs: 300,
  properties: [
    property('a-file-becomes-cues-that-can-be-shown', mutatedText(files, tokens), (text) => {
      areSound(bounded(text.length, () => parseSubtitles(text)));
    }),
    property('bytes-become-text', mutatedBytes(files.map((text) => new TextEncoder().encode(text))), (bytes) =>
      areSound(bounded(bytes.length, () => parseSubtitles(decodeSubtitles(bytes)))),
    ),
    property(
      'a-long-file-costs-what-a-long-file-may',
      fc.tuple(fc.constantFrom(...tokens, '\r', ' ', '9'), fc.constantFrom('', '0:1 --> 0:2\n'), fc.nat(MAX_SUBTITLE_BYTES)),
      ([token, head, length]) => {
        const text = head + token.repeat(Math.ceil(length / token.length));
        areSound(bounded(text.length, () => parseSubtitles(text)));
      },
      30,
    ),
    property(
      'whatever-is-stored-becomes-valid-settings',
      mutatedJson({ shown: fc.boolean(), size: fc.constantFrom('small', 'huge'), background: fc.boolean() }),
      (stored) => assert.ok(v.is(settings, subtitleSettingsFromStored(stored))),
    ),
  ],
};

function areSound(cues: readonly SubtitleCue[]): void {
  assert.ok(cues.length <= MAX_CUES);
  let endsS: readonly number[] = [];
  let beforeS = 0;
  for (const { startS, endS, text } of cues) {
    assert.ok(startS >= beforeS && endS > startS && Number.isFinite(endS));
    beforeS = startS;
    endsS = [...endsS.filter((one) => one > startS), endS];
    assert.ok(endsS.length <= MAX_CUES_AT_ONCE);
    assert.ok(text !== '' && text.length <= MAX_CUE_CHARS && text.isWellFormed() && !/[^\P{Cc}\n]/u.test(text));
  }
}
