/**
 * Draws distinct items at random until `count` of them were accepted or none is left. A Fisher–Yates shuffle that keeps only the places it
 * touched, so that the cost follows the draws and not the size of the swarm.
 */
export function drawAccepted<Item>(items: readonly Item[], count: number, accept: (item: Item) => boolean, random: () => number): Item[] {
  const moved = new Map<number, number>();
  const accepted: Item[] = [];
  for (let last = items.length - 1; last >= 0 && accepted.length < count; last--) {
    const drawn = Math.floor(random() * (last + 1));
    const item = items[moved.get(drawn) ?? drawn];
    moved.set(drawn, moved.get(last) ?? last);
    if (item !== undefined && accept(item)) accepted.push(item);
  }
  return accepted;
}
