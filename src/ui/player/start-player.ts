import { effect } from '@preact/signals';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';
import { joinSession, type PlayerActions } from './join-session';
import { whenControlled } from './page-control';
import type { PlayerModel } from './player-model';

/**
 * Token, then consent, then engine. Whoever frames this page without a token gets a sentence and nothing else: no request, no film.
 * Returns the actions, which do nothing until the engine is joined.
 */
export function startPlayer(model: PlayerModel, token: string, until: AbortSignal): PlayerActions {
  let joined: PlayerActions | undefined;
  void start(model, token, until, (actions) => {
    joined = actions;
  });
  return {
    chooseFile: (fileIndex) => joined?.chooseFile(fileIndex),
    reloadFile: (fileIndex) => joined?.reloadFile(fileIndex),
    rejoin: () => joined?.rejoin(),
    resume: () => joined?.resume(),
    retrySignaling: () => joined?.retrySignaling(),
  };
}

async function start(model: PlayerModel, token: string, until: AbortSignal, onJoined: (actions: PlayerActions) => void): Promise<void> {
  const answer = await redeem(token);
  if ('refused' in answer) {
    model.dispatch({ kind: 'token-refused', sentence: answer.refused });
    return;
  }
  model.request.value = answer;
  void backgroundMessaging.sendMessage('playerReady');
  await consent(model, until);
  await whenControlled(navigator.serviceWorker);
  onJoined(joinSession(model, answer.magnet, until));
}

async function redeem(token: string): ReturnType<typeof backgroundMessaging.sendMessage<'redeemToken'>> {
  try {
    return await backgroundMessaging.sendMessage('redeemToken', { token });
  } catch (error) {
    return { refused: error instanceof Error ? error.message : 'Close this player and click the link again.' };
  }
}

function consent(model: PlayerModel, until: AbortSignal): Promise<void> {
  const settings = createSettingsSignal(until);
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (settings.value === undefined) return;
      if (settings.value.consentedAtMs === null) model.dispatch({ kind: 'consent-missing' });
      else resolve();
    });
    until.addEventListener('abort', stop, { once: true });
  });
}
