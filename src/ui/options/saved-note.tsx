import { Icon } from '@/src/ui/components/icon';
import { i18n } from '@/src/ui/state/i18n';
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
      return i18n.t('options.saving');
    case 'saved':
      return i18n.t('options.saved');
    case 'failed':
      return i18n.t('options.notSaved', { reason: outcome.sentence });
  }
}
