import { IconButton } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import type { MissingTrack } from '@/src/ui/state/missing-track';

const SENTENCES: Record<Exclude<MissingTrack, 'none'>, string> = {
  picture: 'This browser cannot decode the picture (it may be HEVC or an old MPEG-4), or the file has none.',
  sound: 'This browser cannot decode the sound (it may be AC-3 or DTS), or the film has none.',
  both: 'This browser can decode neither the picture nor the sound of this file.',
};

export function MissingTrackNote(props: { readonly missing: MissingTrack; readonly onDismiss: () => void }) {
  if (props.missing === 'none') return null;
  return (
    <div class="note" data-message={`missing-${props.missing}`}>
      <Icon name="warning" />
      <output>{SENTENCES[props.missing]}</output>
      <IconButton icon="close" label="Dismiss" onPress={props.onDismiss} />
    </div>
  );
}
