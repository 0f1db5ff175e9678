/** Rows of a list, and what tells each from the others while the list changes. */
export interface RowKeys {
  readonly addresses: readonly string[];
  readonly keys: readonly number[];
}

/**
 * Rows are known by their addresses, wherever they move to. One whose address alone was changed stays the same row: what has the focus in
 * it keeps it, and a press that changed it by leaving its field still reaches its button.
 */
export function rowKeysAfter(before: RowKeys, addresses: readonly string[]): RowKeys {
  let next = Math.max(-1, ...before.keys) + 1;
  const keys = addresses.map((address, index) => {
    const known = before.keys[before.addresses.indexOf(address)];
    if (known !== undefined) return known;
    const replaced = before.addresses.length === addresses.length ? before.addresses[index] : undefined;
    const edited = replaced === undefined || addresses.includes(replaced) ? undefined : before.keys[index];
    return edited ?? next++;
  });
  return { addresses, keys };
}

/** Answers the keys of a list's rows each time it is drawn. */
export function createRowKeys(): (addresses: readonly string[]) => readonly number[] {
  let known: RowKeys = { addresses: [], keys: [] };
  return (addresses) => {
    known = rowKeysAfter(known, addresses);
    return known.keys;
  };
}
