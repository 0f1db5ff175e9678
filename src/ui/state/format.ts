import { i18n, LOCALE, type PluralKey } from './i18n';

const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

type Suffix = '' | '-per-second';

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(unit: string, fractionDigits: number): Intl.NumberFormat {
  const key = `${unit} ${fractionDigits}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  });
  formatters.set(key, made);
  return made;
}

function formatScaled(bytes: number, suffix: Suffix): string {
  let value = Math.max(0, bytes) / 1000;
  let unit: (typeof UNITS)[number] = 'kilobyte';
  for (const larger of UNITS.slice(1)) {
    if (value < 999.5) break;
    value /= 1000;
    unit = larger;
  }
  return formatter(`${unit}${suffix}`, unit === 'kilobyte' || value >= 99.95 ? 0 : 1).format(value);
}

/** "4.2 MB": decimal units, as browsers and operating systems count downloads. */
export function formatBytes(bytes: number): string {
  // What there is of it is not nothing.
  return formatScaled(bytes > 0 ? Math.max(1000, bytes) : 0, '');
}

/** "1.3 MB/s". */
export function formatRate(bytesPerSecond: number): string {
  return formatScaled(bytesPerSecond, '-per-second');
}

/** "42%"; rounded down, so that 100% means all of it. */
export function formatShare(part: number, whole: number): string {
  const share = whole === 0 ? 0 : Math.min(1, Math.max(0, part / whole));
  return new Intl.NumberFormat(LOCALE, { style: 'percent' }).format(Math.floor(share * 100) / 100);
}

/** "230 ms" below a second, "1.3 s" above. */
export function formatMilliseconds(ms: number): string {
  return ms < 999.5
    ? formatter('millisecond', 0).format(ms)
    : formatter('second', 1)
        .format(ms / 1000)
        .replace(' sec', ' s');
}

/** "3 s", "2 min 5 s": whole seconds, for waits that are counted aloud. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "1,204". */
export function formatNumber(number: number): string {
  return new Intl.NumberFormat(LOCALE).format(number);
}

type Noun = PluralKey extends infer Key ? (Key extends `count.${infer Counted}` ? Counted : never) : never;

/** "1 peer", "1,204 peers". */
export function formatCount(count: number, noun: Noun): string {
  return i18n.t(`count.${noun}`, count, { count: formatNumber(count) });
}

/** "12.5": as it may be typed into a field. */
export function formatTyped(number: number): string {
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 9, useGrouping: false }).format(number);
}

/** "64%" of a whole that is split among several; rounded, so that the parts add up about right. */
export function formatPortion(share: number): string {
  return new Intl.NumberFormat(LOCALE, { style: 'percent' }).format(share);
}

/** "November 26, 2026". */
export function formatDay(ms: number): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long' }).format(ms);
}

/** "4:05", "1:02:09": a place in a film. */
export function formatPosition(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const secondsText = twoDigits(whole % 60);
  return hours === 0 ? `${minutes}:${secondsText}` : `${hours}:${twoDigits(minutes)}:${secondsText}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}
