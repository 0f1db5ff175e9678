import { MAX_QUOTA_BYTES, MIN_QUOTA_BYTES } from '@/src/settings/schema';
import { formatBytes } from './format';
import type { Checked } from './settings-check';

const GIGABYTE = 1_000_000_000;

/** What the viewer typed as room in gigabytes; nothing typed leaves it to Lodestream (null). */
export function checkQuota(text: string): Checked<number | null> {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return { ok: true, value: null };
  const bytes = Math.round(Number(typed) * GIGABYTE);
  if (!Number.isFinite(bytes)) return { ok: false, sentence: 'Write a number of gigabytes, for example 20, or nothing' };
  if (bytes < MIN_QUOTA_BYTES) return { ok: false, sentence: `A film needs at least ${formatBytes(MIN_QUOTA_BYTES)} to play` };
  if (bytes > MAX_QUOTA_BYTES) return { ok: false, sentence: `No more than ${formatBytes(MAX_QUOTA_BYTES)} can be used` };
  return { ok: true, value: bytes };
}

export function quotaText(bytes: number | null): string {
  return bytes === null ? '' : String(bytes / GIGABYTE);
}
