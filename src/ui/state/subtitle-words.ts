export const OFFSET_STEP_S = 0.5;

/** When subtitles come, compared with what is written in their file. */
export function offsetWords(offsetS: number): string {
  if (offsetS === 0) return 'as written';
  return `${Math.abs(offsetS)} s ${offsetS > 0 ? 'later' : 'earlier'}`;
}
