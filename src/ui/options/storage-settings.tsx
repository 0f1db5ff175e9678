import { ProgressBar } from '@/src/ui/components/progress-bar';
import { TextField } from '@/src/ui/components/text-field';
import type { Settings } from '@/src/settings/schema';
import { formatBytes } from '@/src/ui/state/format';
import { checkQuota, quotaText } from '@/src/ui/state/storage-size';
import type { OptionsModel } from './options-model';

/** How much of the disk films may take, and what they take now. */
export function StorageSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const store = model.store.value;
  return (
    <section class="panel storage" aria-labelledby="storage-title">
      <h2 id="storage-title">Storage</h2>
      <p class="soft">
        Films you watch are kept on this computer, so that seeking and watching again cost nothing, until the room is used up: then what you
        watched longest ago goes first. A film that is larger than that plays all the same. What a private window fetches is kept in memory
        only. Left empty, the room is 10 GB or 20 % of what is free, whichever is smaller.
      </p>
      {store === undefined ? null : (
        <div class="storage-use">
          <ProgressBar label="Room in use" part={store.usedBytes} whole={store.quotaBytes} />
          <p id="storage-use" data-used-bytes={store.usedBytes} data-quota-bytes={store.quotaBytes}>
            {formatBytes(store.usedBytes)} of {formatBytes(store.quotaBytes)} in use
          </p>
        </div>
      )}
      <TextField
        label="Room for films, in GB"
        value={quotaText(settings.storageQuotaBytes)}
        placeholder="chosen by Lodestream"
        onCommit={(text) => {
          const checked = checkQuota(text);
          if (!checked.ok) return checked.sentence;
          model.change({ storageQuotaBytes: checked.value });
          return undefined;
        }}
      />
    </section>
  );
}
