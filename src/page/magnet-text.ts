import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';

/** The magnet link that a text is as a whole, as it stands or percent-encoded from end to end. */
export function magnetOfText(text: string): string | undefined {
  if (text.length > MAX_MAGNET_CHARS) return undefined;
  const trimmed = text.trim();
  if (/^magnet:\?/i.test(trimmed)) return trimmed;
  return /^magnet(?::|%3a)%3f/i.test(trimmed) ? decodePercent(trimmed) : undefined;
}

/**
 * The magnet link that an inline handler goes to, written there as one whole string: to `location`, by `window.open`, or as the `href` of
 * the element itself. Nothing is run; a link put together from parts is known only to the page.
 */
export function magnetOfScript(code: string): string | undefined {
  if (code.length > MAX_MAGNET_CHARS) return undefined;
  const { quote, literal } = NAVIGATION.exec(code)?.groups ?? {};
  if (literal === undefined || (quote === '`' && literal.includes('${'))) return undefined;
  return magnetOfText(unescapeLiteral(literal));
}

const WINDOW = String.raw`(?<![\w$.])(?:(?:window|self|top|parent|document|globalThis)\s*\.\s*){0,2}`;
const ASSIGNED = String.raw`(?:location(?:\s*\.\s*href)?|this\s*\.\s*href)\s*=`;
const CALLED = String.raw`(?:location\s*\.\s*(?:assign|replace)|open)\s*\(`;
/** Not `'magnet:?xt=' + hash`. */
const WHOLE = String.raw`(?!\s*[+.])`;
const NAVIGATION = new RegExp(
  String.raw`${WINDOW}(?:${ASSIGNED}|${CALLED})\s*(?<quote>["'${'`'}])(?<literal>\s*magnet(?:\\[^]|(?!\k<quote>)[^\\])*)\k<quote>${WHOLE}`,
  'i',
);

const ESCAPE = /\\(?:x(?<byte>[0-9a-f]{2})|u(?<unit>[0-9a-f]{4})|(?<char>[^]))/gi;

function unescapeLiteral(literal: string): string {
  return literal.replaceAll(ESCAPE, (_escape, byte?: string, unit?: string, char?: string) => {
    const code = byte ?? unit;
    return code === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(code, 16));
  });
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
