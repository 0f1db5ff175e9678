import { formatNumber } from './format';
import { i18n } from './i18n';

export const OFFSET_STEP_S = 0.5;

/** When subtitles come, compared with what is written in their file. */
export function offsetWords(offsetS: number): string {
  if (offsetS === 0) return i18n.t('player.subtitles.asWritten');
  const seconds = formatNumber(Math.abs(offsetS));
  return offsetS > 0 ? i18n.t('player.subtitles.later', { seconds }) : i18n.t('player.subtitles.earlier', { seconds });
}
