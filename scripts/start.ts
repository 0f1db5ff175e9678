import { readOptions, USAGE, UsageError } from './demo/options';
import { runDemo } from './demo/run-demo';

/** `npm start`: everything Lodestream needs, on this computer, and a film to click. */
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== undefined) return await runDemo(options);
    console.log(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}
