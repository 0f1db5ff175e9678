import { Button, IconButton } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import { formatPosition } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';

interface ResumeNoteProps {
  /** Where the film went on, in seconds; undefined when it began at its beginning, or the note was dismissed. */
  readonly positionS: number | undefined;
  readonly onRestart: () => void;
  readonly onDismiss: () => void;
}

/** Says that the film did not begin at its beginning, and takes it there. */
export function ResumeNote({ positionS, onRestart, onDismiss }: ResumeNoteProps) {
  if (positionS === undefined) return null;
  return (
    <div class="note" data-message="resumed">
      <Icon name="timeline" />
      <output>{i18n.t('player.resumed', { position: formatPosition(positionS) })}</output>
      <Button onPress={onRestart}>{i18n.t('player.fromTheStart')}</Button>
      <IconButton icon="close" label={i18n.t('common.dismiss')} onPress={onDismiss} />
    </div>
  );
}
