import { Button, IconButton } from '@/src/ui/components/button';
import { Icon } from '@/src/ui/components/icon';
import { formatPosition } from '@/src/ui/state/format';

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
      <output>Goes on where you left it, at {formatPosition(positionS)}.</output>
      <Button onPress={onRestart}>From the start</Button>
      <IconButton icon="close" label="Dismiss" onPress={onDismiss} />
    </div>
  );
}
