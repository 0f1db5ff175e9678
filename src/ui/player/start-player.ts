import { computed, effect } from '@preact/signals';
import { backgroundMessaging, type PlayerRequest } from '@/src/messaging/background-messages';
import { i18n } from '@/src/ui/state/i18n';
import { joinSession, NO_ENGINE, type PlayerActions } from './join-session';
import { whenControlled } from './page-control';
import type { PlayerModel } from './player-model';
import { noticeWords } from '@/src/ui/state/notice-words';

/**
 * Token, then consent, then engine. Whoever frames this page without a token gets a sentence and nothing else: no request, no film.
 * The actions answered do nothing until the engine is joined.
 */
export function startPlayer(model: PlayerModel, token: Promise<string>, until: AbortSignal): PlayerActions {
  let joined: PlayerActions | undefined;
  void start(model, token, until, (actions) => {
    joined = actions;
  });
  return {
    chooseFile: (fileIndex) => joined?.chooseFile(fileIndex),
    reloadFile: (fileIndex) => joined?.reloadFile(fileIndex),
    restartFile: (fileIndex) => joined?.restartFile(fileIndex),
    noteProgress: (fileIndex, progress) => joined?.noteProgress(fileIndex, progress),
    reportBuffer: (aheadS) => joined?.reportBuffer(aheadS),
    readVerified: async (part) => joined?.readVerified(part),
    saveFile: (file) => joined?.saveFile(file),
    saveAllFiles: (files) => joined?.saveAllFiles(files),
    rejoin: () => joined?.rejoin(),
    resume: () => joined?.resume(),
    retry: () => joined?.retry(),
    answerPublisher: (host, allowed) => joined?.answerPublisher(host, allowed),
    setMode: async (mode) => (joined === undefined ? NO_ENGINE : joined.setMode(mode)),
    addTracker: async (url) => (joined === undefined ? NO_ENGINE : joined.addTracker(url)),
    allowWebSeed: async (url) => (joined === undefined ? NO_ENGINE : joined.allowWebSeed(url)),
  };
}

async function start(
  model: PlayerModel,
  token: Promise<string>,
  until: AbortSignal,
  onJoined: (actions: PlayerActions) => void,
): Promise<void> {
  const controlled = whenControlled(navigator.serviceWorker);
  const given = await token;
  model.noteShown();
  const answer = await redeem(given);
  if ('refused' in answer) {
    model.dispatch({ kind: 'token-refused', sentence: answer.refused });
    return;
  }
  model.request.value = answer;
  void backgroundMessaging.sendMessage('playerReady');
  await controlled;
  whileConsented(model, until, (signal) => onJoined(joinSession(model, answer.magnet, signal)));
}

/** Why it was refused is a sentence. */
async function redeem(token: string): Promise<PlayerRequest | { readonly refused: string }> {
  try {
    const answer = await backgroundMessaging.sendMessage('redeemToken', { token });
    return 'refused' in answer ? { refused: noticeWords(answer.refused) } : answer;
  } catch {
    return { refused: i18n.t('player.tokenRefused') };
  }
}

/** Runs anew each time consent is given; its signal aborts when consent is withdrawn. */
function whileConsented(model: PlayerModel, until: AbortSignal, run: (signal: AbortSignal) => void): void {
  const consented = computed(() => {
    const settings = model.settings.value;
    return settings === undefined ? undefined : settings.consentedAtMs !== null;
  });
  const stop = effect(() => {
    if (consented.value === undefined) return undefined;
    if (!consented.value) {
      model.dispatch({ kind: 'consent-missing' });
      model.showSession(undefined);
      return undefined;
    }
    const given = new AbortController();
    run(AbortSignal.any([until, given.signal]));
    return () => given.abort();
  });
  until.addEventListener('abort', stop, { once: true });
}
