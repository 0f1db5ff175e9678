import { parseOptions, UsageError } from '../command-line';
import { THEMES, type Theme } from './camera';
import { LANGUAGES, type Language } from './languages';

export const USAGE = `Usage: npm run screenshots -- [--out FOLDER] [--theme light | dark] [--language en | es] [--docs] [--extension FOLDER]

Opens every screen of the extension in a real browser, with films from this computer, and writes each as a PNG; prints their paths.
  --out FOLDER        where they go (default: screenshots)
  --theme THEME       light or dark only (default: both)
  --language LANGUAGE en or es only (default: both); what is in Spanish has -es in its name
  --docs              also puts the playing film where README.md shows it (docs/player.png)
  --extension FOLDER  a built extension (default: builds one)
  --help              this text`;

export interface ScreenshotOptions {
  readonly folder: string;
  readonly themes: readonly Theme[];
  readonly languages: readonly Language[];
  readonly forDocs: boolean;
  /** Undefined to build one. */
  readonly extensionDir: string | undefined;
}

/** @returns undefined when only the usage was asked for */
export function readOptions(args: readonly string[]): ScreenshotOptions | undefined {
  const values = parseOptions(args, {
    out: { type: 'string', default: 'screenshots' },
    theme: { type: 'string' },
    language: { type: 'string' },
    docs: { type: 'boolean', default: false },
    extension: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return undefined;
  const themes = THEMES.filter((theme) => values.theme === undefined || values.theme === theme);
  if (themes.length === 0) throw new UsageError(`--theme is light or dark, not "${values.theme}".`);
  const languages = LANGUAGES.filter((language) => values.language === undefined || values.language === language);
  if (languages.length === 0) throw new UsageError(`--language is en or es, not "${values.language}".`);
  if (values.docs && !(themes.includes('light') && languages.includes('en'))) {
    throw new UsageError('--docs takes the light theme, and English.');
  }
  return { folder: values.out, themes, languages, forDocs: values.docs, extensionDir: values.extension };
}
