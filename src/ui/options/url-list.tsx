import { AddAddress } from '@/src/ui/components/add-address';
import { TextField } from '@/src/ui/components/text-field';
import { moveBy, removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import type { Checked } from '@/src/ui/state/settings-check';
import { ServerRow } from './server-row';

interface UrlEntry {
  readonly url: string;
  readonly enabled: boolean;
}

interface UrlListProps {
  readonly id: string;
  readonly entries: readonly UrlEntry[];
  readonly check: (entries: readonly UrlEntry[]) => Checked<UrlEntry[]>;
  readonly onChange: (entries: UrlEntry[]) => void;
  readonly addLabel: string;
  readonly placeholder: string;
  /** What it means when all of them are off. */
  readonly noneNote: string;
}

/** Servers that are an address and nothing else, in the order they are named in. */
export function UrlList({ id, entries, check, onChange, addLabel, placeholder, noneNote }: UrlListProps) {
  function commit(next: readonly UrlEntry[]): string | undefined {
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
            key={entry.url}
            address={entry.url}
            enabled={entry.enabled}
            isFirst={index === 0}
            isLast={index === entries.length - 1}
            onEnable={(enabled) => onChange(replaceAt(entries, index, { ...entry, enabled }))}
            onMove={(places) => onChange(moveBy(entries, index, places))}
            onRemove={() => onChange(removeAt(entries, index))}
          >
            <TextField label="Address" value={entry.url} onCommit={(url) => commit(replaceAt(entries, index, { ...entry, url }))} />
          </ServerRow>
        ))}
      </ul>
      {entries.some((entry) => entry.enabled) ? null : <p class="field-error">{noneNote}</p>}
      <AddAddress label={addLabel} placeholder={placeholder} onAdd={(url) => commit([...entries, { url, enabled: true }])} />
    </div>
  );
}
