import { signal } from '@preact/signals';
import type { Settings } from '@/src/settings/schema';
import { updateSettings } from '@/src/settings/settings-store';
import { i18n } from '@/src/ui/state/i18n';
import { savingErrorWords } from '@/src/ui/state/issue-words';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';
import { errorWords } from '@/src/ui/state/error-words';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { TRY_IT_MAGNET } from './try-it-film';

export type WelcomeModel = ReturnType<typeof createWelcomeModel>;

export function createWelcomeModel(until: AbortSignal) {
  const declined = signal(false);
  const complaint = signal<string | undefined>(undefined);

  async function save(change: Partial<Settings>): Promise<void> {
    try {
      await updateSettings(change);
      complaint.value = undefined;
    } catch (error) {
      complaint.value = savingErrorWords(error, i18n.t('welcome.notStored'));
    }
  }

  return {
    settings: createSettingsSignal(until),
    declined,
    complaint,
    change: (change: Partial<Settings>): void => {
      void save(change);
    },
    accept: (): void => {
      declined.value = false;
      void save({ consentedAtMs: Date.now() });
    },
    /** In a tab of its own, as a link that was pasted into the popup. */
    tryIt: (): void => {
      backgroundMessaging.sendMessage('openPlayerTab', { magnet: TRY_IT_MAGNET, clickedAtMs: Date.now() }).catch((error: unknown) => {
        complaint.value = errorWords(error, i18n.t('popup.noTab'));
      });
    },
    decline: (): void => {
      declined.value = true;
    },
  };
}
