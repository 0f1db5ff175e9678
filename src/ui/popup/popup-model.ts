import { effect, signal } from '@preact/signals';
import { browser } from 'wxt/browser';
import { isWithinSite } from '@/src/base/within-site';
import { backgroundMessaging, overlayMessaging } from '@/src/messaging/background-messages';
import { connectEngine } from '@/src/messaging/engine-connection';
import type { EngineCalls, EngineSnapshot, RateLimits, SessionId } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { updateSettings } from '@/src/settings/settings-store';
import { i18n } from '@/src/ui/state/i18n';
import { savingErrorWords } from '@/src/ui/state/issue-words';
import { siteOfText } from '@/src/ui/state/silent-sites';
import { withSample, type RateHistory } from '@/src/ui/state/rate-history';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';
import { errorWords } from '@/src/ui/state/error-words';
import { noticeWords } from '@/src/ui/state/notice-words';

export type PopupModel = ReturnType<typeof createPopupModel>;

/** The extension may not ask for addresses of tabs, and need not: its script in the page knows. Pages without it have no switch. */
async function siteOfActiveTab(): Promise<string | undefined> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.id === undefined) return undefined;
  try {
    const hostname = await overlayMessaging.sendMessage('siteOfPage', undefined, { tabId: tab.id, frameId: 0 });
    return hostname === '' ? undefined : siteOfText(hostname);
  } catch {
    return undefined;
  }
}

/** Talks to the engine only once the viewer has agreed; before that this page asks nobody for anything. */
export function createPopupModel(until: AbortSignal) {
  const settings = createSettingsSignal(until);
  const snapshot = signal<EngineSnapshot | undefined>(undefined);
  const history = signal<RateHistory>(new Map());
  const complaint = signal<string | undefined>(undefined);
  /** Of the page that the popup was opened on. */
  const site = signal<string | undefined>(undefined);
  void siteOfActiveTab().then((name) => (site.value = name));
  let calls: EngineCalls | undefined;
  let asked = false;

  function attempt(action: (engine: EngineCalls) => Promise<void>): void {
    if (calls === undefined) return;
    complaint.value = undefined;
    action(calls).catch((error: unknown) => {
      complaint.value = errorWords(error, i18n.t('common.failed'));
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
        if (error.code !== 'no-consent') complaint.value = noticeWords(error.notice);
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
    site,
    setSite: (name: string, isOn: boolean): void => {
      const silentSites = (settings.value?.silentSites ?? []).filter((silent) => !isWithinSite(name, [silent]));
      updateSettings({ silentSites: isOn ? silentSites : [...silentSites, name] }).catch((error: unknown) => {
        complaint.value = savingErrorWords(error, i18n.t('options.notStored'));
      });
    },
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
        complaint.value = errorWords(error, i18n.t('popup.noTab'));
      });
    },
    openWelcome: (): void => {
      void backgroundMessaging.sendMessage('openWelcome');
    },
  };
}
