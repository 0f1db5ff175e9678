import { playerAction } from '@/src/ui/state/player-keys';
import { perform, type Player } from './perform-action';

/** Keys do what `player-keys` says wherever the focus is in the player, but for fields and what a key presses by itself. */
export function listenToKeys(player: Player, until: AbortSignal): void {
  document.addEventListener(
    'keydown',
    (event) => {
      const action = event.defaultPrevented || isTakenBy(event) ? undefined : playerAction(event, player.model.singleKeys.value);
      if (action === undefined || !perform(action, player)) return;
      // The browser's own controls would do it once more.
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true, signal: until },
  );
}

function isTakenBy({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  // These have the keys that move between them, and no use for letters.
  if (target.closest('input[type="radio"], input[type="checkbox"]') !== null) return key === ' ' || key.startsWith('Arrow');
  if (target.closest('input:not(.seek-input), textarea, select, dialog, [contenteditable]') !== null) return true;
  return key === ' ' && target.closest('button, summary, a') !== null;
}
