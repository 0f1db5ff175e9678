import type { Theme } from '@/src/settings/schema';
import { i18n } from './i18n';

export const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: i18n.t('options.appearance.system'),
  light: i18n.t('options.appearance.light'),
  dark: i18n.t('options.appearance.dark'),
};
