import { fromHex, toHex } from '@/src/base/bytes';

/*
 * Inputs as a file can hold them: JSON, with `$bytes` for bytes (hex digits), `$map` for entries of a map, `$number` for numbers that JSON
 * has no word for, and `$undefined`.
 */

export function writeInput(input: unknown): string {
  return JSON.stringify(input, replace, 1);
}

export function readInput(text: string): unknown {
  return revive(JSON.parse(text));
}

function replace(this: unknown, _key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: toHex(value) };
  if (value instanceof Map) return { $map: [...value] };
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  return value;
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1) {
    const [key, inner]: [string, unknown] = first;
    if (key === '$bytes' && typeof inner === 'string') return fromHex(inner);
    if (key === '$map' && Array.isArray(inner)) return new Map(revive(inner) as [unknown, unknown][]);
    if (key === '$number' && typeof inner === 'string') return Number(inner);
    if (key === '$undefined') return undefined;
  }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(entries.map(([key, inner]) => [key, revive(inner)]));
}
