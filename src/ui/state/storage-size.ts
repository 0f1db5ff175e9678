import { MAX_QUOTA_BYTES, MIN_QUOTA_BYTES } from '@/src/settings/schema';
import { formatBytes, formatTyped } from './format';
import { i18n } from './i18n';
import type { Checked } from './settings-check';
import { numberOf } from './typed-number';

const GIGABYTE = 1_000_000_000;

/** What the viewer typed as room in gigabytes; nothing typed leaves it to Lodestream (null). */
export function checkQuota(text: string): Checked<number | null> {
  const typed = numberOf(text);
  if (typed === undefined) return { ok: true, value: null };
  const bytes = Math.round(typed * GIGABYTE);
  if (!Number.isFinite(bytes)) return { ok: false, sentence: i18n.t('check.gigabytes') };
  if (bytes < MIN_QUOTA_BYTES) return { ok: false, sentence: i18n.t('check.roomTooSmall', { size: formatBytes(MIN_QUOTA_BYTES) }) };
  if (bytes > MAX_QUOTA_BYTES) return { ok: false, sentence: i18n.t('check.roomTooLarge', { size: formatBytes(MAX_QUOTA_BYTES) }) };
  return { ok: true, value: bytes };
}

export function quotaText(bytes: number | null): string {
  return bytes === null ? '' : formatTyped(bytes / GIGABYTE);
}
