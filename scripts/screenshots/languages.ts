import english from '@/locales/en.json';
import spanish from '@/locales/es.json';

/** What the interface says, by which buttons are found. */
export const TEXTS = { en: english, es: spanish } as const;

export type Language = keyof typeof TEXTS;
export const LANGUAGES = Object.keys(TEXTS) as Language[];

/** A word that several settings have. */
export const SEARCHED: Readonly<Record<Language, string>> = { en: 'network', es: 'red' };
