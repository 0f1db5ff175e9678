import { existsSync } from 'node:fs';
import { canInstallPackages, installPackages } from './apt-packages';

/** Where Debian's Chromium has the languages of its interface; every other browser brings them along. */
const DEBIAN_LOCALES = '/usr/lib/chromium/locales';

/**
 * Makes sure that the browser can be started in other languages than English, installing what lacks where that needs no question.
 * @throws {Error} that says what to install
 */
export async function ensureBrowserLanguages(executablePath: string): Promise<void> {
  const isDebians = executablePath === '/usr/bin/chromium' && existsSync(DEBIAN_LOCALES);
  if (!isDebians || hasSpanish()) return;
  console.log('Chromium on this machine speaks English only.');
  if (canInstallPackages() && (await installPackages(['chromium-l10n'], 'about 10 MB, some seconds')) && hasSpanish()) return;
  throw new Error('The tests need Chromium in Spanish: install chromium-l10n ("apt-get install chromium-l10n") and try again.');
}

function hasSpanish(): boolean {
  return existsSync(`${DEBIAN_LOCALES}/es.pak`);
}
