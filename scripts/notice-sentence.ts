import english from '@/locales/en.json';
import type { Notice } from '@/src/protocol/notice';

/** What the engine has to say, for programs in a terminal: they speak English. */
export function noticeSentence({ name, values }: Notice): string {
  return english.notice[name].replaceAll(/\{(\w+)\}/g, (_place, value: string) => String(values[value] ?? ''));
}
