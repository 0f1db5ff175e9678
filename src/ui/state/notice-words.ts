import type { Notice } from '@/src/protocol/notice';
import { formatNumber } from './format';
import { i18n } from './i18n';

/** What the engine has to say, in the interface's language. */
export function noticeWords({ name, values }: Notice): string {
  const said = Object.entries(values).map(([place, value]) => [place, typeof value === 'number' ? formatNumber(value) : isolated(value)]);
  return i18n.t(`notice.${name}`, Object.fromEntries(said));
}

/** From outside, perhaps written from right to left: it may not turn the rest of the sentence round. */
function isolated(text: string): string {
  return /[^ -~]/.test(text) ? `\u2068${text}\u2069` : text;
}
