import { IconButton } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import { i18n } from '@/src/ui/state/i18n';
import type { MissingTrack } from '@/src/ui/state/missing-track';

const SENTENCES: Record<Exclude<MissingTrack, 'none'>, string> = {
  picture: i18n.t('player.missing.picture'),
  sound: i18n.t('player.missing.sound'),
  both: i18n.t('player.missing.both'),
};

export function MissingTrackNote(props: { readonly missing: MissingTrack; readonly onDismiss: () => void }) {
  if (props.missing === 'none') return null;
  return (
    <div class="note" data-message={`missing-${props.missing}`}>
      <Icon name="warning" />
      <output>{SENTENCES[props.missing]}</output>
      <IconButton icon="close" label={i18n.t('common.dismiss')} onPress={props.onDismiss} />
    </div>
  );
}
