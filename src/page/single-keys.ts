/** Whether keys of one character lead the player, as its own page has it. Reads what storage holds, whoever wrote it; by default they do. */
export function readSingleKeys(stored: unknown): boolean {
  if (typeof stored !== 'object' || stored === null) return true;
  return (stored as { readonly singleKeys?: unknown }).singleKeys !== false;
}
