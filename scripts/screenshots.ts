import { runCommandLine } from './command-line';
import { readOptions, USAGE } from './screenshots/options';
import { takeScreenshots } from './screenshots/take-screenshots';

/** `npm run screenshots`: every screen of the extension as a picture. */
process.exit(await runCommandLine({ usage: USAGE, readOptions, run: takeScreenshots }));
