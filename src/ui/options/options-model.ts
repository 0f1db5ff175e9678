import { computed, effect, signal } from '@preact/signals';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { connectEngine } from '@/src/messaging/engine-connection';
import type { EngineCalls, ServerTestRequest, EngineSnapshot } from '@/src/protocol/engine-api';
import { DEFAULT_SETTINGS, type Settings } from '@/src/settings/schema';
import { discardUnread, setUnreadAside, updateSettings, watchUnread } from '@/src/settings/settings-store';
import type { UnreadSettings } from '@/src/settings/unread-settings';
import type { CachedFilm } from '@/src/ui/state/cached-films';
import { i18n } from '@/src/ui/state/i18n';
import { savingErrorWords } from '@/src/ui/state/issue-words';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';
import { createSettingsImport } from './settings-import';
import { errorWords } from '@/src/ui/state/error-words';
import { noticeWords } from '@/src/ui/state/notice-words';
import { serverTestWords } from '@/src/ui/state/server-test-words';

/** What became of the last change. */
export type SaveOutcome = { readonly kind: 'none' | 'saving' | 'saved' } | { readonly kind: 'failed'; readonly sentence: string };

export interface ServerTestOutcome {
  readonly ok: boolean;
  readonly sentence: string;
}

/** What is known of the engine, and by it of what is stored. Before consent nobody is asked for anything. */
export type EngineState =
  | { readonly kind: 'not-agreed' | 'asking' }
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'known'; readonly snapshot: EngineSnapshot };

export type OptionsModel = ReturnType<typeof createOptionsModel>;

export function createOptionsModel(until: AbortSignal) {
  const outcome = signal<SaveOutcome>({ kind: 'none' });

  /** Answers the sentence that says why it was not saved. */
  async function save(change: Partial<Settings>): Promise<string | undefined> {
    outcome.value = { kind: 'saving' };
    try {
      await updateSettings(change);
      outcome.value = { kind: 'saved' };
      return undefined;
    } catch (error) {
      const sentence = savingErrorWords(error, i18n.t('options.notStored'));
      outcome.value = { kind: 'failed', sentence };
      return sentence;
    }
  }

  const settings = createSettingsSignal(until);
  const unread = signal<UnreadSettings | undefined>(undefined);
  watchUnread((kept) => {
    unread.value = kept;
  }, until);
  // Should that fail, so does the first change, which would take them away.
  setUnreadAside().catch(() => undefined);
  const settingsImport = createSettingsImport(settings, ({ consentedAtMs: _kept, ...imported }) => save(imported));
  const snapshot = signal<EngineSnapshot | undefined>(undefined);
  /** Why there is no engine. */
  const refusal = signal<string | undefined>(undefined);
  /** Why something was not deleted. */
  const complaint = signal<string | undefined>(undefined);
  const engineState = computed<EngineState>(() => {
    if (snapshot.value !== undefined) return { kind: 'known', snapshot: snapshot.value };
    if (settings.value?.consentedAtMs === null) return { kind: 'not-agreed' };
    return refusal.value === undefined ? { kind: 'asking' } : { kind: 'refused', sentence: refusal.value };
  });
  let asked = false;
  let engine: EngineCalls | undefined;

  /** The engine knows what is stored; before consent nobody is asked for anything. */
  function watchStore(): void {
    connectEngine({
      events: {
        snapshot(received) {
          snapshot.value = received;
        },
      },
      onConnected: (calls) => {
        engine = calls;
        refusal.value = undefined;
        void calls.watch({ kind: 'all' }).catch(() => undefined);
      },
      onLost() {
        engine = undefined;
        snapshot.value = undefined;
      },
      onRefused(error) {
        if (error.code !== 'no-consent') refusal.value = noticeWords(error.notice);
      },
      signal: until,
    });
  }

  /** Answers a sentence, whatever comes of it. */
  async function testServer(request: ServerTestRequest): Promise<ServerTestOutcome> {
    if (typeof settings.value?.consentedAtMs !== 'number') {
      return { ok: false, sentence: i18n.t('options.server.agreeFirst') };
    }
    try {
      const test = await engine?.testServer(request);
      if (test === undefined) return { ok: false, sentence: i18n.t('options.server.engineStarting') };
      return { ok: test.ok, sentence: serverTestWords(test) };
    } catch (error) {
      return { ok: false, sentence: errorWords(error, i18n.t('options.server.notTested')) };
    }
  }

  /** Answers whether it was done. */
  async function attempt(action: (calls: EngineCalls) => Promise<void>): Promise<boolean> {
    complaint.value = engine === undefined ? i18n.t('common.noEngine') : undefined;
    if (engine === undefined) return false;
    try {
      await action(engine);
      return true;
    } catch (error) {
      complaint.value = errorWords(error, i18n.t('common.failed'));
      return false;
    }
  }

  const stop = effect(() => {
    if (asked || typeof settings.value?.consentedAtMs !== 'number') return;
    asked = true;
    watchStore();
  });
  until.addEventListener('abort', stop, { once: true });

  return {
    settings,
    unread,
    outcome,
    engineState,
    complaint,
    testServer,
    settingsImport,
    change: (change: Partial<Settings>): void => {
      void save(change);
    },
    /** Consent is no setting to be reset: it is given and withdrawn by its own buttons. */
    reset: (): void => {
      const { consentedAtMs: _kept, ...defaults } = DEFAULT_SETTINGS;
      settingsImport.forget();
      void save(defaults);
    },
    discardUnread: (): void => {
      discardUnread().catch((error: unknown) => {
        outcome.value = { kind: 'failed', sentence: savingErrorWords(error, i18n.t('options.notStored')) };
      });
    },
    /** Both answer whether anything was deleted. */
    deleteFilm: ({ infoHash, use }: CachedFilm): Promise<boolean> =>
      attempt((calls) =>
        use === undefined ? calls.deleteStored({ infoHash }) : calls.removeSession({ sessionId: infoHash, deleteStored: true }),
      ),
    deleteAllStored: (): Promise<boolean> => attempt((calls) => calls.deleteAllStored()),
    openWelcome: (): void => {
      void backgroundMessaging.sendMessage('openWelcome');
    },
  };
}
