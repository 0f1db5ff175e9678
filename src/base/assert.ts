/** Throws when an invariant of our own code is broken. Input from outside is validated at its boundary instead. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Closes an exhaustive switch: a new union member fails the type-check here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
