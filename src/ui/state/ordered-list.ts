/** The list with one entry moved by some places; unchanged when it would leave the list. */
export function moveBy<Entry>(entries: readonly Entry[], index: number, places: number): Entry[] {
  const target = index + places;
  const moved = entries[index];
  if (moved === undefined || target < 0 || target >= entries.length) return [...entries];
  return entries.toSpliced(index, 1).toSpliced(target, 0, moved);
}

export function replaceAt<Entry>(entries: readonly Entry[], index: number, entry: Entry): Entry[] {
  return entries.map((kept, at) => (at === index ? entry : kept));
}

export function removeAt<Entry>(entries: readonly Entry[], index: number): Entry[] {
  return entries.toSpliced(index, 1);
}
