import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** A sentence about the command line, for the person who wrote it. */
export class UsageError extends Error {}

export interface Command<Options> {
  readonly usage: string;
  /** Answers undefined when only the usage was asked for. @throws {UsageError} */
  readonly readOptions: (args: readonly string[]) => Options | undefined;
  /** Answers the exit code. */
  readonly run: (options: Options) => Promise<number>;
}

/** What the person asked for, or why it cannot be done. @returns the exit code, 2 for what is no command line of this command */
export async function runCommandLine<Options>({ usage, readOptions, run }: Command<Options>): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== undefined) return await run(options);
    console.log(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}

/** The values of the options a command knows. @throws {UsageError} when there are others */
export function parseOptions<const Config extends ParseArgsOptionsConfig>(args: readonly string[], options: Config) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // Node adds advice on quoting that does not help here.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`);
  }
}
