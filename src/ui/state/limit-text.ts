import { MAX_BYTES_PER_SECOND, MIN_BYTES_PER_SECOND } from '@/src/protocol/engine-api';
import { LIMIT_RANGES, type LimitName } from '@/src/settings/limit-settings';
import { formatTyped } from './format';
import { i18n } from './i18n';
import { numberOf } from './typed-number';
import type { Checked } from './settings-check';

const KIB = 1024;
const MIB = 1024 ** 2;

/** What the viewer typed as a rate in KiB/s; nothing, or 0, is no limit (null). */
export function checkRate(text: string): Checked<number | null> {
  const typed = numberOf(text);
  if (typed === undefined || typed === 0) return { ok: true, value: null };
  const bytesPerSecond = Math.round(typed * KIB);
  if (!Number.isFinite(bytesPerSecond)) return { ok: false, sentence: i18n.t('check.rateNumber') };
  if (bytesPerSecond < MIN_BYTES_PER_SECOND) {
    return { ok: false, sentence: i18n.t('check.rateTooLow', { rate: rateText(MIN_BYTES_PER_SECOND) }) };
  }
  if (bytesPerSecond > MAX_BYTES_PER_SECOND) return { ok: false, sentence: i18n.t('check.rateTooHigh') };
  return { ok: true, value: bytesPerSecond };
}

export function rateText(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '' : formatTyped(Math.round((bytesPerSecond / KIB) * 100) / 100);
}

/** How many of the engine's units one typed unit is. */
const UNITS: Readonly<Partial<Record<LimitName, number>>> = { negotiationTimeoutMs: 1000, assemblyBytes: MIB };

/** What the viewer typed for one of the engine's limits; nothing leaves it to the engine (null). */
export function checkLimit(name: LimitName, text: string): Checked<number | null> {
  const typed = numberOf(text);
  if (typed === undefined) return { ok: true, value: null };
  const { min, max } = LIMIT_RANGES[name];
  const value = typed * (UNITS[name] ?? 1);
  if (!Number.isInteger(value) || value < min || value > max) {
    return { ok: false, sentence: i18n.t('check.wholeNumber', { min: limitText(name, min), max: limitText(name, max) }) };
  }
  return { ok: true, value };
}

export function limitText(name: LimitName, value: number | null): string {
  return value === null ? '' : String(value / (UNITS[name] ?? 1));
}
