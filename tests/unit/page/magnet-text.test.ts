import { describe, expect, test } from 'vitest';
import { magnetOfScript, magnetOfText } from '@/src/page/magnet-text';
import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { parseMagnet } from '@/src/protocol/magnet';

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First%20Film';

describe('a text that is a magnet link', () => {
  test.each([
    ['as it stands', MAGNET],
    ['with blanks around it', ` \n${MAGNET} `],
    ['percent-encoded from end to end', encodeURIComponent(MAGNET)],
    ['percent-encoded in lower case', encodeURIComponent(MAGNET).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['percent-encoded after its scheme', `magnet:${encodeURIComponent(MAGNET.slice('magnet:'.length))}`],
  ])('%s', (_how, text) => {
    expect(magnetOfText(text)).toBe(MAGNET);
  });

  test('in upper case, or escaped for HTML once too often, is handed on as it is', () => {
    for (const text of [MAGNET.replace('magnet', 'MAGNET'), MAGNET.replaceAll('&', '&amp;')]) {
      expect(magnetOfText(text)).toBe(text);
      expect(parseMagnet(text)).toMatchObject({ ok: true, magnet: { name: 'First Film' } });
    }
  });

  test.each([
    ['an ordinary address', 'https://films.example/magnet:?xt=1'],
    ['an address that carries one', `https://films.example/?to=${encodeURIComponent(MAGNET)}`],
    ['a sentence with one', `Copy ${MAGNET}`],
    ['a word', 'magnet'],
    ['a broken encoding', 'magnet%3A%3Fxt%3D%E0%A4%A'],
    ['one that is too long', `${MAGNET}${'x'.repeat(MAX_MAGNET_CHARS)}`],
  ])('is not %s', (_what, text) => {
    expect(magnetOfText(text)).toBeUndefined();
  });
});

describe('an inline handler that goes to a magnet link', () => {
  test.each([
    `location='${MAGNET}'`,
    `location = "${MAGNET}"; return false;`,
    `track(1); window.location.href = '${MAGNET}'`,
    `document.location.href=\`${MAGNET}\``,
    `top . location\n=\n'${MAGNET}'`,
    `location.assign('${MAGNET}')`,
    `self.location.replace("${MAGNET}")`,
    `window.open('${MAGNET}', '_blank')`,
    `return open("${MAGNET}")`,
    `this.href='${MAGNET}'`,
    `javascript:location='${MAGNET}'`,
    `javascript:void(window.open("${MAGNET}"))`,
    `location='${MAGNET.replaceAll('&', String.raw`\x26`)
      .replaceAll('?', String.raw`\u003f`)
      .replaceAll(':', String.raw`\:`)}'`,
    `location='${encodeURIComponent(MAGNET)}'`,
  ])('%s', (code) => {
    expect(magnetOfScript(code)).toBe(MAGNET);
  });

  test.each([
    `location == '${MAGNET}'`,
    `copy('${MAGNET}')`,
    `navigator.clipboard.writeText('${MAGNET}')`,
    `player.open('${MAGNET}')`,
    `myLocation='${MAGNET}'`,
    `location='magnet:?xt=urn:btih:' + hash`,
    `location='magnet:?xt=HASH'.replace('HASH', hash)`,
    `location=\`magnet:?xt=urn:btih:\${hash}\``,
    `location='https://films.example'`,
    `location='${MAGNET}`,
    `location='${MAGNET}${'x'.repeat(MAX_MAGNET_CHARS)}'`,
  ])('is not %s', (code) => {
    expect(magnetOfScript(code)).toBeUndefined();
  });

  test('is looked for in no time, whatever a page writes', () => {
    const starts = ['location=', 'open(', 'window . ', "open('magnet", 'open("magnet\\', 'open(`magnet:?${', 'location . href = ', ' \n'];
    for (const start of starts) {
      expect(magnetOfScript(start.repeat(Math.floor(MAX_MAGNET_CHARS / start.length)))).toBeUndefined();
    }
  }, 5_000);
});
