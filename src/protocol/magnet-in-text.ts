import { MAX_MAGNET_CHARS } from './engine-api';

/** The lookbehind lets a long run be tried once, and not from each of its characters. */
const FINAL_PUNCTUATION = /(?<![.,;:!?)\]}])[.,;:!?)\]}]+$/;

/** The first magnet link in a text that people read: it ends at a blank, a quote or an angle bracket, and not with the sentence's own punctuation. */
export function magnetInText(text: string): string | undefined {
  const [found = ''] = /\bmagnet:\?[^\s"'`<>]+/i.exec(text) ?? [];
  const magnet = found.slice(0, MAX_MAGNET_CHARS).replace(FINAL_PUNCTUATION, '');
  return magnet.length > 'magnet:?'.length ? magnet : undefined;
}
