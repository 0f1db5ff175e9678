import { i18n } from '@/src/ui/state/i18n';
import type { PlayerModel } from './player-model';
import type { Subtitles } from './subtitles';

/** Subtitles may be dropped anywhere on the player; whatever else is dropped must not make the frame leave for it. */
export function takeDroppedFiles(model: PlayerModel, subtitles: Subtitles, signal: AbortSignal): void {
  document.addEventListener(
    'dragenter',
    (event) => {
      if (hasFiles(event)) model.showHint(i18n.t('player.hint.drop'));
    },
    { signal },
  );
  document.addEventListener(
    'dragover',
    (event) => {
      if (hasFiles(event)) event.preventDefault();
    },
    { signal },
  );
  document.addEventListener(
    'drop',
    (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void subtitles.open(files);
    },
    { signal },
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}
