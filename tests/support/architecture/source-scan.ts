export interface ScannedSource {
  /** Comments, and what stands in strings and regular expressions, replaced by spaces: only what runs. Lines stay where they are. */
  readonly code: string;
  /** Only comments replaced: for import specifiers. */
  readonly withoutComments: string;
  readonly comments: readonly string[];
}

/**
 * Tells code from comments and text without a parser (TypeScript 7 offers none to programs): enough for imports and names. An apostrophe
 * in JSX text reads as a string up to the end of its line, and a template inside a template as code.
 */
export function scanSource(text: string): ScannedSource {
  const comments: string[] = [];
  const withoutComments = text.replaceAll(TOKEN, (token: string) => {
    if (!isComment(token)) return token;
    comments.push(token);
    return blank(token);
  });
  const code = text.replaceAll(TOKEN, (token: string) => {
    if (!token.startsWith('`')) return blank(token);
    return token.replaceAll(TEMPLATE_PART, (part: string) => (part.startsWith('${') ? part : blank(part)));
  });
  return { code, withoutComments, comments };
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
const QUOTED = /'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?/;
const TEMPLATE = /`(?:\\[\s\S]|[^`\\])*`?/;
/** A slash begins one only where no value has just ended. */
const REGEX = /(?<=(?:[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/;
const TOKEN = new RegExp([COMMENT, QUOTED, TEMPLATE, REGEX].map(({ source }) => source).join('|'), 'g');
/** What a `${…}` holds runs; the rest of a template is text. */
const TEMPLATE_PART = /\$\{[^}]*\}|[\s\S]/g;

function isComment(token: string): boolean {
  return token.startsWith('//') || token.startsWith('/*');
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
