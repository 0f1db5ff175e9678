import fc from 'fast-check';
import type { Bytes } from '@/src/base/bytes';
import { concatBytes } from '@/src/base/bytes';

/** Lengths and indexes that programs get wrong. */
const TELLING_INTEGERS = [
  0,
  1,
  2,
  3,
  19,
  20,
  21,
  31,
  32,
  33,
  255,
  256,
  16_383,
  16_384,
  16_385,
  65_535,
  65_536,
  65_537,
  10 * 2 ** 20,
  10 * 2 ** 20 + 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const TELLING_TEXT = [
  '0',
  '-1',
  '9007199254740993',
  '1e999',
  '',
  ' ',
  '\0',
  '\r\n',
  '\n',
  '\u2028',
  '\uFEFF',
  '%',
  '%25',
  '%00',
  '&',
  '=',
  '/',
  '..',
  '../',
  '\\',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '__proto__',
  'constructor',
  '\uD800',
  '\u{1F4A9}',
  '\u202E',
  '127.0.0.1',
  '[::1]',
  '999999999',
  '999999999999999999999',
];

const HEX_DIGITS = Array.from('0123456789abcdef');
const PLACES = 2 ** 16;
/** A place in whatever it is that is changed: shrinks towards its beginning. */
const place = fc.nat(PLACES - 1);

type Edit<Part> =
  | { readonly kind: 'cut' | 'repeat' | 'end'; readonly at: number; readonly length: number }
  | { readonly kind: 'put' | 'over'; readonly at: number; readonly part: Part }
  | { readonly kind: 'swap'; readonly at: number; readonly with: number; readonly length: number };

function edits<Part>(part: fc.Arbitrary<Part>, most: number): fc.Arbitrary<Edit<Part>[]> {
  const length = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) }, { weight: 1, arbitrary: fc.nat(20_000) });
  const edit: fc.Arbitrary<Edit<Part>> = fc.oneof(
    fc.record({ kind: fc.constantFrom('cut' as const, 'repeat' as const), at: place, length }),
    fc.record({ kind: fc.constantFrom('put' as const, 'over' as const), at: place, part }),
    fc.record({ kind: fc.constant('end' as const), at: place, length: fc.constant(0) }),
    fc.record({ kind: fc.constant('swap' as const), at: place, with: place, length }),
  );
  return fc.array(edit, { maxLength: most });
}

interface Editable<Whole> {
  readonly length: number;
  slice(start: number, end?: number): Whole;
}

function applied<Whole extends Editable<Whole>>(whole: Whole, edit: Edit<Whole>, join: (...parts: readonly Whole[]) => Whole): Whole {
  const at = Math.floor((edit.at / PLACES) * (whole.length + 1));
  switch (edit.kind) {
    case 'cut':
      return join(whole.slice(0, at), whole.slice(at + edit.length));
    case 'repeat':
      return join(whole.slice(0, at + edit.length), whole.slice(at));
    case 'end':
      return whole.slice(0, at);
    case 'put':
      return join(whole.slice(0, at), edit.part, whole.slice(at));
    case 'over':
      return join(whole.slice(0, at), edit.part, whole.slice(at + edit.part.length));
    case 'swap': {
      const other = Math.floor((edit.with / PLACES) * (whole.length + 1));
      const [first, second] = [Math.min(at, other), Math.max(at, other)];
      const length = Math.min(edit.length, second - first);
      const [left, right] = [whole.slice(first, first + length), whole.slice(second, second + length)];
      return join(whole.slice(0, first), right, whole.slice(first + length, second), left, whole.slice(second + length));
    }
  }
}

const bytes = (length: { readonly maxLength: number }): fc.Arbitrary<Bytes> => fc.uint8Array(length).map((part) => new Uint8Array(part));

function bigEndian(integer: number): Bytes {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, integer);
  return four;
}

/** What is well-formed with a few changes made to it, pieces of others put in, and now and then nothing but noise. */
export function mutatedBytes(corpus: fc.Arbitrary<Bytes>, most = 5): fc.Arbitrary<Bytes> {
  const part = fc.oneof(
    bytes({ maxLength: 4 }),
    fc.constantFrom(...TELLING_INTEGERS).map(bigEndian),
    fc.constantFrom(...TELLING_INTEGERS).map((integer) => new TextEncoder().encode(String(integer))),
    corpus,
  );
  const changed = fc.tuple(corpus, edits(part, most)).map(([whole, list]) => {
    let edited = whole;
    for (const edit of list) edited = applied<Bytes>(edited, edit, (...parts) => concatBytes(...parts));
    return edited;
  });
  return fc.oneof({ weight: 12, arbitrary: changed }, { weight: 1, arbitrary: bytes({ maxLength: 400 }) });
}

/** The same of text; half surrogates and control characters among it. @param tokens words the decoder has an ear for */
export function mutatedText(corpus: fc.Arbitrary<string>, tokens: readonly string[] = [], most = 5): fc.Arbitrary<string> {
  const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom(...TELLING_TEXT, ...tokens), corpus);
  const changed = fc.tuple(corpus, edits(part, most)).map(([whole, list]) => {
    let edited = whole;
    for (const edit of list) edited = applied<string>(edited, edit, (...parts) => parts.join(''));
    return edited;
  });
  return fc.oneof({ weight: 12, arbitrary: changed }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) });
}

/** JSON as a stranger may write it where an object of this form is expected: parts missing, of other types, too long, or added. */
export function mutatedJson(form: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...TELLING_TEXT),
    fc.constantFrom<unknown>(-1, 0.5, 2 ** 53, 1e308, null, [], {}),
  );
  const loose = Object.fromEntries(
    Object.entries(form).map(([key, value]) => [key, fc.oneof({ weight: 10, arbitrary: value }, { weight: 1, arbitrary: anything })]),
  );
  const object = fc.tuple(
    fc.record(loose, { requiredKeys: [] }),
    fc.record(loose),
    fc.dictionary(fc.string(), anything, { maxKeys: 1 }),
    fc.nat(9),
  );
  return fc.oneof(
    {
      weight: 20,
      arbitrary: object.map(([some, all, more, which]) => ({ ...(which < 7 ? all : some), ...(which % 3 === 0 ? more : {}) })),
    },
    { weight: 1, arbitrary: anything },
  );
}

export const anyBytes = bytes;

export function hexOf(lengthBytes: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...HEX_DIGITS), minLength: lengthBytes * 2, maxLength: lengthBytes * 2 });
}

/** An object as a literal makes it: with the prototype that decoded ones have. */
export function plainRecord<Form extends object>(form: { readonly [Key in keyof Form]: fc.Arbitrary<Form[Key]> }): fc.Arbitrary<Form> {
  return fc.record<Form>(form, { noNullPrototype: true });
}
