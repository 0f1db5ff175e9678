import { NoticeError } from '@/src/protocol/notice';
import { noticeWords } from './notice-words';

/** An error of the interface itself: its message is a sentence in the interface's language. */
export class SpokenError extends Error {}

/**
 * What a viewer is told of an error. Messages of any other errors are the browser's, and English.
 * @param fallback for those
 */
export function errorWords(error: unknown, fallback: string): string {
  if (error instanceof NoticeError) return noticeWords(error.notice);
  return error instanceof SpokenError ? error.message : fallback;
}
