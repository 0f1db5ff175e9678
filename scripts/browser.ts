import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Browser, detectBrowserPlatform, getInstalledBrowsers, install, resolveBuildId } from '@puppeteer/browsers';
import puppeteer from 'puppeteer';
import { canInstallPackages, installPackages } from './apt-packages';
import { installedBrowsers, isExecutable } from './browser-places';

/** Older ones cannot load an unpacked extension over the debugging pipe. */
const MIN_MAJOR_VERSION = 130;

export interface FoundBrowser {
  readonly executablePath: string;
}

/**
 * A Chromium, Chrome or Edge that can run the extension: `CHROME_PATH`, else an installed one, else one downloaded before, else it is
 * installed now (a minute or two), with lines on the console that say so.
 * @throws {Error} that says what to install, if nothing worked
 */
export async function findBrowser(): Promise<FoundBrowser> {
  const chosen = process.env['CHROME_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (await isUsable(chosen)) return { executablePath: chosen };
    throw new Error(`CHROME_PATH is ${chosen}, which is not a working Chromium, Chrome or Edge ${MIN_MAJOR_VERSION} or newer.`);
  }
  const found = (await firstInstalled()) ?? (await downloadedBefore());
  if (found !== undefined) return { executablePath: found };

  console.log('No Chromium, Chrome or Edge found on this machine.');
  if (canInstallPackages() && (await installPackages(['chromium'], 'about 100 MB, a minute or two'))) {
    const installed = await firstInstalled();
    if (installed !== undefined) return { executablePath: installed };
  }
  const downloaded = await download();
  if (downloaded !== undefined) return { executablePath: downloaded };
  throw new Error(
    `No browser to run the extension in, and none could be installed. Install Chromium, Chrome or Edge ${MIN_MAJOR_VERSION} or newer ` +
      '(Debian, Ubuntu: "apt-get install chromium"; macOS: "brew install --cask chromium"; others: https://www.google.com/chrome/), ' +
      'or set CHROME_PATH to the program of one you have.',
  );
}

async function firstInstalled(): Promise<string | undefined> {
  for (const path of installedBrowsers()) {
    if (await isUsable(path)) return path;
  }
  return undefined;
}

async function downloadedBefore(): Promise<string | undefined> {
  const downloads = await getInstalledBrowsers({ cacheDir: await cacheDir() });
  for (const { browser, executablePath } of downloads.toReversed()) {
    if (browser === Browser.CHROME && (await isUsable(executablePath))) return executablePath;
  }
  return undefined;
}

async function download(): Promise<string | undefined> {
  const platform = detectBrowserPlatform();
  if (platform === undefined) return undefined;
  console.log('Downloading Chrome for Testing (about 180 MB, one to five minutes) …');
  try {
    const { executablePath } = await install({
      browser: Browser.CHROME,
      buildId: await resolveBuildId(Browser.CHROME, platform, 'stable'),
      cacheDir: await cacheDir(),
      downloadProgressCallback: 'default',
      // It needs a dozen system libraries that a bare server lacks.
      installDeps: canInstallPackages(),
    });
    if (await isUsable(executablePath)) return executablePath;
    console.log('The downloaded browser does not start on this machine: it lacks system libraries.');
  } catch (error) {
    console.log(`The download failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** Puppeteer's own, so that a browser its other users downloaded serves here too. */
async function cacheDir(): Promise<string> {
  return (await puppeteer.configuration()).cacheDirectory ?? '.cache/puppeteer';
}

/** Asks for the version, because Ubuntu ships a `chromium-browser` that only prints how to get one. On Windows chrome.exe answers nothing. */
async function isUsable(path: string): Promise<boolean> {
  if (!isExecutable(path)) return false;
  if (process.platform === 'win32') return true;
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 60_000 });
    const major = /\b(\d+)\.\d+\.\d+/.exec(stdout)?.[1];
    return major !== undefined && Number(major) >= MIN_MAJOR_VERSION;
  } catch {
    return false;
  }
}
