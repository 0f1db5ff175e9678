import { Icon } from '@/src/ui/components/icon';
import type { SaveOutcome } from './options-model';

export function SavedNote({ outcome }: { readonly outcome: SaveOutcome }) {
  return (
    <output class={`saved saved-${outcome.kind}`}>
      {outcome.kind === 'saved' ? <Icon name="check" /> : null}
      {words(outcome)}
    </output>
  );
}

function words(outcome: SaveOutcome): string {
  switch (outcome.kind) {
    case 'none':
      return '';
    case 'saving':
      return 'Saving…';
    case 'saved':
      return 'Saved';
    case 'failed':
      return `Not saved: ${outcome.sentence}`;
  }
}
