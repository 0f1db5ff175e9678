import { generateChromeMessages, parseMessagesObject } from '@wxt-dev/i18n/build';
import english from '@/locales/en.json';

/** Run before each suite of unit tests: `browser.i18n` as an English browser has it, with the very messages the extension is built with. */
const messages = generateChromeMessages(parseMessagesObject(english));

const i18n = { getMessage: (key: string): string => messages[key]?.message ?? '' };

Object.assign(globalThis, { browser: { runtime: { id: 'unit-tests' }, i18n }, chrome: { i18n } });
