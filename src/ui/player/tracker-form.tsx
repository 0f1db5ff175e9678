import { AddAddress } from '@/src/ui/components/add-address';
import { i18n } from '@/src/ui/state/i18n';
import { checkTracker } from '@/src/ui/state/settings-check';

interface TrackerFormProps {
  /** Addresses asked already. */
  readonly known: readonly string[];
  /** Answers the sentence to show when the engine refuses. */
  readonly onAdd: (url: string) => Promise<string | undefined>;
}

/** One more tracker for the film that is open; the settings hold those for every film. */
export function TrackerForm({ known, onAdd }: TrackerFormProps) {
  function add(text: string): string | Promise<string | undefined> {
    const checked = checkTracker(text, known);
    return checked.ok ? onAdd(checked.value) : checked.sentence;
  }
  return <AddAddress label={i18n.t('player.trackerField')} placeholder="wss://tracker.example.org" guarded onAdd={add} />;
}
