import { backgroundMessaging } from '@/src/messaging/background-messages';
import type { PlayerModel } from './player-model';

/** Esc closes what lies on top: a panel, then the overlay; pressed in another frame of the page, the overlay. */
export function closeOnEscape(model: PlayerModel, until: AbortSignal): void {
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || document.fullscreenElement !== null) return;
      if (!model.closePanels()) model.close();
    },
    { signal: until },
  );
  if (window === window.top) return;
  window.addEventListener('blur', () => void backgroundMessaging.sendMessage('focusLeft').catch(() => undefined), { signal: until });
}
