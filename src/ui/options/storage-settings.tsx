import { ProgressBar } from '@/src/ui/components/progress-bar';
import { TextField } from '@/src/ui/components/text-field';
import type { Settings } from '@/src/settings/schema';
import { formatBytes } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { checkQuota, quotaText } from '@/src/ui/state/storage-size';
import { CachedFilmList } from './cached-film-list';
import type { OptionsModel } from './options-model';

/** How much of the disk films may take, and what they take now. */
export function StorageSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const state = model.engineState.value;
  const store = state.kind === 'known' ? state.snapshot.store : undefined;
  return (
    <section class="panel storage" aria-labelledby="storage-title">
      <h2 id="storage-title">{i18n.t('options.storage.title')}</h2>
      <p class="soft">{i18n.t('options.storage.about')}</p>
      {store === undefined ? null : (
        <div class="storage-use">
          <ProgressBar label={i18n.t('options.storage.roomInUse')} part={store.usedBytes} whole={store.quotaBytes} />
          <p id="storage-use" data-used-bytes={store.usedBytes} data-quota-bytes={store.quotaBytes}>
            {i18n.t('options.storage.inUse', { used: formatBytes(store.usedBytes), quota: formatBytes(store.quotaBytes) })}
          </p>
        </div>
      )}
      <TextField
        label={i18n.t('options.storage.room')}
        value={quotaText(settings.storageQuotaBytes)}
        placeholder={i18n.t('options.chosenByLodestream')}
        onCommit={(text) => {
          const checked = checkQuota(text);
          if (!checked.ok) return checked.sentence;
          model.change({ storageQuotaBytes: checked.value });
          return undefined;
        }}
      />
      <CachedFilmList model={model} />
    </section>
  );
}
