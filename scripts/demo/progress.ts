const startedAtMs = Date.now();

/** A line on the terminal with the seconds since the command began. */
export function say(line: string): void {
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(5);
  console.log(`${seconds} s  ${line}`);
}
