import { readOptions, USAGE, UsageError } from './demo/options';

try {
  const options = readOptions(process.argv.slice(2));
  console.log(options === undefined ? USAGE : 'Starting the demo …');
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
}
