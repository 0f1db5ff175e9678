import { effect, signal } from '@preact/signals';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { connectEngine } from '@/src/messaging/engine-connection';
import type { EngineCalls, EngineSnapshot, RateLimits, SessionId } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { i18n } from '@/src/ui/state/i18n';
import { withSample, type RateHistory } from '@/src/ui/state/rate-history';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';

export type PopupModel = ReturnType<typeof createPopupModel>;

/** Talks to the engine only once the viewer has agreed; before that this page asks nobody for anything. */
export function createPopupModel(until: AbortSignal) {
  const settings = createSettingsSignal(until);
  const snapshot = signal<EngineSnapshot | undefined>(undefined);
  const history = signal<RateHistory>(new Map());
  const complaint = signal<string | undefined>(undefined);
  let calls: EngineCalls | undefined;
  let asked = false;

  function attempt(action: (engine: EngineCalls) => Promise<void>): void {
    if (calls === undefined) return;
    complaint.value = undefined;
    action(calls).catch((error: unknown) => {
      complaint.value = error instanceof Error ? error.message : i18n.t('common.failed');
    });
  }

  function connect(): void {
    connectEngine({
      events: {
        snapshot(received) {
          snapshot.value = received;
          history.value = withSample(history.value, received.sessions);
        },
      },
      onConnected(connected) {
        calls = connected;
        attempt((engine) => engine.watch({ kind: 'all' }));
      },
      onLost() {
        calls = undefined;
        snapshot.value = undefined;
      },
      onRefused(error) {
        if (error.code !== 'no-consent') complaint.value = error.message;
      },
      signal: until,
    });
  }

  const stop = effect(() => {
    if (asked || typeof settings.value?.consentedAtMs !== 'number') return;
    asked = true;
    connect();
  });
  until.addEventListener('abort', stop, { once: true });

  return {
    settings,
    snapshot,
    history,
    complaint,
    pause: (sessionId: SessionId): void => attempt((engine) => engine.pauseSession({ sessionId })),
    resume: (sessionId: SessionId): void => attempt((engine) => engine.resumeSession({ sessionId })),
    remove: (sessionId: SessionId, deleteStored: boolean): void => attempt((engine) => engine.removeSession({ sessionId, deleteStored })),
    setRateLimits: (sessionId: SessionId, limits: RateLimits): void => attempt((engine) => engine.setRateLimits({ sessionId, ...limits })),
    deleteStored: (infoHash: InfoHash): void => attempt((engine) => engine.deleteStored({ infoHash })),
    deleteAllStored: (): void => attempt((engine) => engine.deleteAllStored()),
    /** In a tab of its own. */
    openPlayer: (magnet: string): void => {
      complaint.value = undefined;
      backgroundMessaging.sendMessage('openPlayerTab', { magnet, clickedAtMs: Date.now() }).catch((error: unknown) => {
        complaint.value = error instanceof Error ? error.message : i18n.t('popup.noTab');
      });
    },
    openWelcome: (): void => {
      void backgroundMessaging.sendMessage('openWelcome');
    },
  };
}
