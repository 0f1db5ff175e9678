import { UsageError } from './demo/options';
import { readOptions, USAGE } from './screenshots/options';
import { takeScreenshots } from './screenshots/take-screenshots';

/** `npm run screenshots`: every screen of the extension as a picture. */
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== undefined) return await takeScreenshots(options);
    console.log(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}
