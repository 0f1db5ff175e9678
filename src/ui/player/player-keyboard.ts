import { playerAction } from '@/src/ui/state/player-keys';
import type { PlayerActions } from './join-session';
import { perform } from './perform-action';
import type { PlayerModel } from './player-model';

/** Keys do what `player-keys` says wherever the focus is in the player, but for fields and what a key presses by itself. */
export function listenToKeys(model: PlayerModel, actions: Pick<PlayerActions, 'chooseFile'>, until: AbortSignal): void {
  document.addEventListener(
    'keydown',
    (event) => {
      const action = event.defaultPrevented || isTakenBy(event) ? undefined : playerAction(event);
      if (action === undefined || !perform(action, model, actions)) return;
      // The browser's own controls would do it once more.
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true, signal: until },
  );
}

function isTakenBy({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not(.seek-input), textarea, select, dialog, [contenteditable]') !== null) return true;
  return key === ' ' && target.closest('button, summary, a') !== null;
}
