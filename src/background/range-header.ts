/** What a Range header asks for before the length is known. */
export type WantedRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'from'; readonly startBytes: number; readonly lastByte: number | undefined }
  | { readonly kind: 'suffix'; readonly lengthBytes: number };

/** Bytes from `startBytes` up to, not including, `endBytes`. */
export interface ByteSpan {
  readonly startBytes: number;
  readonly endBytes: number;
}

/** Several ranges, other units and nonsense mean the whole file, as RFC 9110 section 14.2 allows; media elements send none of them. */
export function parseRangeHeader(header: string | null): WantedRange {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.replaceAll(/\s/g, '') ?? '');
  if (match === null) return { kind: 'whole' };
  const first = numberOf(match[1]);
  const last = numberOf(match[2]);
  if (first === undefined) return last === undefined ? { kind: 'whole' } : { kind: 'suffix', lengthBytes: last };
  if (last !== undefined && last < first) return { kind: 'whole' };
  return { kind: 'from', startBytes: first, lastByte: last };
}

/** Undefined when nothing of the range exists (answered with 416). */
export function spanOf(range: WantedRange, fileLengthBytes: number): ByteSpan | undefined {
  switch (range.kind) {
    case 'whole':
      return { startBytes: 0, endBytes: fileLengthBytes };
    case 'from': {
      const endBytes = Math.min(fileLengthBytes, (range.lastByte ?? Number.MAX_SAFE_INTEGER) + 1);
      return range.startBytes < endBytes ? { startBytes: range.startBytes, endBytes } : undefined;
    }
    case 'suffix':
      if (range.lengthBytes === 0 || fileLengthBytes === 0) return undefined;
      return { startBytes: Math.max(0, fileLengthBytes - range.lengthBytes), endBytes: fileLengthBytes };
  }
}

/** Beyond 2^53 every file has ended, so the exact figure does not matter. */
function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined || digits === '' ? undefined : Math.min(Number(digits), Number.MAX_SAFE_INTEGER - 1);
}
