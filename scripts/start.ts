import { runCommandLine } from './command-line';
import { readOptions, USAGE } from './demo/options';
import { runDemo } from './demo/run-demo';

/** `npm start`: everything Lodestream needs, on this computer, and a film to click. */
process.exit(await runCommandLine({ usage: USAGE, readOptions, run: runDemo }));
