import type { Notice } from '@/src/protocol/notice';

/** What the engine has to say, in the browser's language, where this worker has to say it itself. */
export function noticeWords({ name, values }: Notice): string {
  const sentence = chrome.i18n.getMessage(`notice_${name}`);
  return sentence.replaceAll(/\{(\w+)\}/g, (_place, value: string) => String(values[value] ?? ''));
}
