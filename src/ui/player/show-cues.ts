import { effect } from '@preact/signals';
import { i18n } from '@/src/ui/state/i18n';
import type { Subtitles } from './subtitles';

/**
 * The browser's own text track: it lays out those that meet, and is styled by `::cue` (player.css). Price: there are none in picture in
 * picture, and places that a file asks for are not kept.
 */
export function showCues(media: HTMLMediaElement, subtitles: Subtitles, until: AbortSignal): void {
  let track: TextTrack | undefined;
  let filled: readonly VTTCue[] = [];

  const stop = effect(() => {
    const cues = subtitles.cues.value;
    const offsetS = subtitles.offsetS.value;
    for (const cue of filled) track?.removeCue(cue);
    filled = cues
      .filter(({ endS }) => endS + offsetS > 0)
      .map(({ startS, endS, text }) => new VTTCue(Math.max(0, startS + offsetS), endS + offsetS, asCueText(text)));
    if (filled.length > 0) track ??= media.addTextTrack('subtitles', i18n.t('player.subtitles.title'));
    for (const cue of filled) track?.addCue(cue);
  });
  const stopSwitching = effect(() => {
    const isShown = subtitles.shownId.value !== undefined && subtitles.cues.value.length > 0;
    if (track !== undefined) track.mode = isShown ? 'showing' : 'disabled';
  });
  // The browser's menu of the video has a switch of its own.
  media.textTracks.addEventListener(
    'change',
    () => {
      const isShown = track?.mode === 'showing';
      if (subtitles.cues.peek().length > 0 && isShown !== (subtitles.shownId.peek() !== undefined)) subtitles.change({ shown: isShown });
    },
    { signal: until },
  );
  for (const each of [stop, stopSwitching]) until.addEventListener('abort', each, { once: true });
}

/** In the text of a cue WebVTT knows tags. */
function asCueText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
