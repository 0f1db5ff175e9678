/** Throws when an invariant of our own code is broken. Input from outside is validated at its boundary instead. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
