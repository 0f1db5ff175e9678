/** Where facts for developers go. Never addresses, info hashes or names of files: logs are shared in bug reports. */
export interface Logger {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: Logger = {
  debug() {},
  warn() {},
};
