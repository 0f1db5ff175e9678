import type { PlayerModel } from './player-model';

/** Esc closes what lies on top: a panel, then the overlay. */
export function closeOnEscape(model: PlayerModel, until: AbortSignal): void {
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || document.fullscreenElement !== null) return;
      if (!model.closePanels()) model.close();
    },
    { signal: until },
  );
}
