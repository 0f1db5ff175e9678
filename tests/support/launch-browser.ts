import type { Browser } from 'puppeteer';
import puppeteer, { TargetType } from 'puppeteer';
import { findBrowser } from '@/scripts/browser';
import { ensureBrowserLanguages } from '@/scripts/browser-languages';
import { EXTENSION_DIR } from '@/scripts/build-extension';

export interface LaunchOptions {
  /** Lets the extension run in private windows, as its viewer can in the browser's list of extensions. */
  readonly inPrivateWindows?: boolean;
  /** The browser's program, or one that runs it; default: whatever this machine has. */
  readonly executablePath?: string;
  /** Default true. */
  readonly headless?: boolean;
  /** A profile to keep; else a temporary one that is removed with the browser. */
  readonly userDataDir?: string;
  /** Loads the built extension; default true. */
  readonly extension?: boolean;
  /** The built extension to load; default: what `npm run build` wrote. */
  readonly extensionDir?: string;
  /** How long a call into the browser, a wait for something in a page among them, may take; default four minutes. */
  readonly protocolTimeoutMs?: number;
  /** More command-line switches for Chromium. */
  readonly args?: readonly string[];
  /** Of its interface, `es` for instance; `system`: the machine's. Default: English, whose texts tests read. */
  readonly language?: string;
  /** Leaves service workers alone, so that they die as they would without a debugger; tests of their life time need that. */
  readonly keepOffServiceWorker?: boolean;
}

export interface LaunchedBrowser {
  readonly browser: Browser;
  /** Empty without the extension. */
  readonly extensionId: string;
  /** Ends the browser with every process of it. */
  close(): Promise<void>;
}

/** Nothing the browser does on its own account may reach the network or slow two shared cores down. */
const QUIET_ARGS = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts a real Chromium, as a viewer would have it: autoplay policy and sandboxing of frames are the defaults. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<LaunchedBrowser> {
  const executablePath = options.executablePath ?? (await findBrowser()).executablePath;
  const language = await chosenLanguage(options, executablePath);
  const withExtension = options.extension ?? true;
  const browser = await puppeteer.launch({
    executablePath,
    headless: options.headless ?? true,
    pipe: true,
    enableExtensions: withExtension,
    // The callers end it: on Ctrl+C they still have to take leave of peers and servers.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: 120_000,
    protocolTimeout: options.protocolTimeoutMs ?? 240_000,
    defaultViewport: null,
    args: [
      ...QUIET_ARGS,
      // Chromium's process sandbox refuses to run as root and in most containers.
      ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      ...(options.headless === false ? ['--test-type'] : []),
      '--window-size=1280,860',
      ...(language === undefined ? [] : [`--lang=${language}`]),
      ...(options.args ?? []),
    ],
    // On Linux it is this that counts.
    ...(language === undefined ? {} : { env: { ...process.env, LANGUAGE: language } }),
    // A person at the screen is not told above every page that a test controls the browser.
    ...(options.headless === false ? { ignoreDefaultArgs: ['--enable-automation'] } : {}),
    ...(options.userDataDir === undefined ? {} : { userDataDir: options.userDataDir }),
    ...(options.keepOffServiceWorker === true ? { targetFilter: (target) => target.type() !== TargetType.SERVICE_WORKER } : {}),
  });
  try {
    const extensionId = withExtension
      ? await browser.installExtension(options.extensionDir ?? EXTENSION_DIR, { enabledInIncognito: options.inPrivateWindows ?? false })
      : '';
    return { browser, extensionId, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Undefined: whatever the machine has. */
async function chosenLanguage({ language = 'en-US' }: LaunchOptions, executablePath: string): Promise<string | undefined> {
  if (language === 'system') return undefined;
  if (!language.startsWith('en')) await ensureBrowserLanguages(executablePath);
  return language;
}
