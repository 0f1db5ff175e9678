import { parseOptions, UsageError } from '../command-line';

export const USAGE = `Usage: npm start -- [--headless] [--viewers 2] [--screenshots FOLDER]

Builds Lodestream, shares a sample film from this computer, and opens a browser with the extension on a page with the film's magnet link.
  --headless            no window: click, watch, print the start-up timeline, write a screenshot; exit code 0 only if the film played
                        (also without the flag, when there is no display)
  --viewers 2           two browsers with a profile each, and the bytes that went between them
  --screenshots FOLDER  where screenshots go (default: screenshots)
  --help                this text`;

export interface DemoOptions {
  readonly headless: boolean;
  readonly viewers: 1 | 2;
  readonly screenshotsFolder: string;
}

/** @returns undefined when only the usage was asked for */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const values = parseOptions(args, {
    headless: { type: 'boolean', default: false },
    viewers: { type: 'string', default: '1' },
    screenshots: { type: 'string', default: 'screenshots' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return undefined;
  if (values.viewers !== '1' && values.viewers !== '2') throw new UsageError(`--viewers is 1 or 2, not "${values.viewers}".`);
  return { headless: values.headless || !hasDisplay(), viewers: values.viewers === '1' ? 1 : 2, screenshotsFolder: values.screenshots };
}

export function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}
