import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { AddAddress } from '@/src/ui/components/add-address';
import { TextField } from '@/src/ui/components/text-field';
import { i18n } from '@/src/ui/state/i18n';
import { moveBy, removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import { createRowKeys } from '@/src/ui/state/row-keys';
import type { Checked } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { ServerRow } from './server-row';

interface UrlEntry {
  readonly url: string;
  readonly enabled: boolean;
}

export interface EntryDetailsProps<Entry> {
  readonly entry: Entry;
  /** Applies a changed entry, or answers why not. */
  readonly change: (entry: Entry) => string | undefined;
  readonly model: OptionsModel;
}

interface UrlListProps<Entry extends UrlEntry> {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly check: (entries: readonly Entry[]) => Checked<Entry[]>;
  readonly onChange: (entries: Entry[]) => void;
  /** A new one, as it is added; also where an address is changed, so that what belonged to the old one is not told to the new. */
  readonly create: (url: string) => Entry;
  /** What stands below an address. */
  readonly Details: ComponentType<EntryDetailsProps<Entry>>;
  readonly model: OptionsModel;
  readonly addLabel: string;
  readonly placeholder: string;
  /** What it means when all of them are off. */
  readonly noneNote: string;
}

/** Servers that are known by an address, in the order they are named in. */
export function UrlList<Entry extends UrlEntry>(props: UrlListProps<Entry>) {
  const { id, entries, check, onChange, create, Details, model, addLabel, placeholder, noneNote } = props;
  const [keysOf] = useState(createRowKeys);
  const keys = keysOf(entries.map(({ url }) => url));

  function commit(next: readonly Entry[]): string | undefined {
    const checked = check(next);
    if (!checked.ok) return checked.sentence;
    onChange(checked.value);
    return undefined;
  }

  return (
    <div class="servers" id={id}>
      <ul>
        {entries.map((entry, index) => (
          <ServerRow
            key={keys[index]}
            address={entry.url}
            enabled={entry.enabled}
            isFirst={index === 0}
            isLast={index === entries.length - 1}
            onEnable={(enabled) => onChange(replaceAt(entries, index, { ...entry, enabled }))}
            onMove={(places) => onChange(moveBy(entries, index, places))}
            onRemove={() => onChange(removeAt(entries, index))}
          >
            <TextField
              label={i18n.t('options.server.address')}
              value={entry.url}
              onCommit={(url) => commit(replaceAt(entries, index, { ...create(url), enabled: entry.enabled }))}
            />
            <Details entry={entry} change={(changed) => commit(replaceAt(entries, index, changed))} model={model} />
          </ServerRow>
        ))}
      </ul>
      {entries.some((entry) => entry.enabled) ? null : <p class="soft">{noneNote}</p>}
      <AddAddress label={addLabel} placeholder={placeholder} onAdd={(url) => commit([...entries, create(url)])} />
    </div>
  );
}
