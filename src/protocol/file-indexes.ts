/** More files than any player lists; what a link may ask for is bounded by it too. */
const MAX_INDEXES = 10_000;
const MAX_RANGES = 1000;
const RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/**
 * Checks file ranges of a magnet link (BEP 53, `0,2,5-9`) before anyone expands them, since `0-999999999` is eleven characters and a
 * billion numbers. Ranges that mean nothing are left out. Undefined when nothing is left, or more than 10,000 files are asked for.
 */
export function safeFileRanges(text: string): string | undefined {
  const parts = text.split(',', MAX_RANGES + 1);
  if (parts.length > MAX_RANGES) return undefined;
  const ranges: string[] = [];
  let count = 0;
  for (const part of parts) {
    const size = sizeOfRange(part.trim());
    if (size === 0) continue;
    count += size;
    ranges.push(part.trim());
  }
  return count > 0 && count <= MAX_INDEXES ? ranges.join(',') : undefined;
}

function sizeOfRange(part: string): number {
  const match = RANGE.exec(part);
  if (match === null) return 0;
  const first = Number(match[1]);
  return Math.max(0, Number(match[2] ?? first) - first + 1);
}
