/** Where a list first names an address it has named before, by whatever letters; -1 when it names none twice. */
export function repeatedAddressIndex(addresses: readonly string[]): number {
  const names = addresses.map((address) => address.replace(/\/$/, '').toLowerCase());
  return names.findIndex((name, index) => names.indexOf(name) < index);
}
