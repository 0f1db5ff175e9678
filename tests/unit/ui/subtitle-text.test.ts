import { expect, test } from 'vitest';
import { decodeSubtitles } from '@/src/ui/state/subtitle-text';

test.each([
  ['UTF-8', Buffer.from('¿Qué? 字', 'utf8'), '¿Qué? 字'],
  ['UTF-8 with a mark', Buffer.from('\uFEFF¿Qué?', 'utf8'), '¿Qué?'],
  ['UTF-16, little end first', Buffer.from('\uFEFF¿Qué?', 'utf16le'), '¿Qué?'],
  ['UTF-16, big end first', Buffer.from('\uFEFF¿Qué?', 'utf16le').swap16(), '¿Qué?'],
  ['Windows-1252', Buffer.from('\xBFQu\xE9? \x93so\x94', 'latin1'), '¿Qué? “so”'],
  ['UTF-16 that breaks off', Buffer.from([0xff, 0xfe, 0x41, 0, 0x42]), 'A\uFFFD'],
  ['UTF-8 with a mark that breaks off', Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xc3]), 'A\uFFFD'],
  ['nothing', Buffer.alloc(0), ''],
])('%s is decoded', (_encoding, bytes, text) => {
  expect(decodeSubtitles(new Uint8Array(bytes))).toBe(text);
});
