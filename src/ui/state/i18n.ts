import { createI18n } from '@wxt-dev/i18n';
import type english from '@/locales/en.json';

/** A text for one and a text for any other number. */
interface Plural {
  readonly 1: string;
  readonly n: string;
}

type KeysOf<Tree, Text, Path extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends Text
    ? `${Path}${Name}`
    : Tree[Name] extends string | Plural
      ? never
      : KeysOf<Tree[Name], Text, `${Path}${Name}.`>;
}[keyof Tree & string];

export type TextKey = KeysOf<typeof english, string>;
export type PluralKey = KeysOf<typeof english, Plural>;

/** What takes the place of `{name}` in a text. */
type TextValues = Readonly<Record<string, string>>;

interface I18n {
  t(key: TextKey): string;
  t(key: TextKey, values: TextValues): string;
  t(key: PluralKey, count: number, values: TextValues): string;
}

/** The texts of the interface in the browser's language, which the browser itself holds: no dictionary is in the bundle. */
export const i18n: I18n = createI18n();

/** Of the texts, which is not always the browser's: where there is no translation they are English. */
export const LANGUAGE = i18n.t('language');

/** For numbers and dates: the texts' language, as it is written where the viewer lives. */
export const LOCALE = navigator.languages.find((locale) => locale.startsWith(LANGUAGE)) ?? LANGUAGE;
