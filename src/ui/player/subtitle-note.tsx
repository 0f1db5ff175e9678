import { IconButton } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import { i18n } from '@/src/ui/state/i18n';
import type { Subtitles } from './subtitles';

/** Says why no subtitles are shown. */
export function SubtitleNote({ subtitles }: { readonly subtitles: Subtitles }) {
  const sentence = subtitles.complaint.value;
  if (sentence === undefined) return null;
  return (
    <div class="note" data-message="subtitles">
      <Icon name="warning" />
      <p role="alert">{sentence}</p>
      <IconButton icon="close" label={i18n.t('common.dismiss')} onPress={subtitles.dismissComplaint} />
    </div>
  );
}
