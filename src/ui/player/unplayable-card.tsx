import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import type { MediaFailure } from '@/src/ui/state/view-state';
import { MagnetActions } from './magnet-actions';

interface UnplayableCardProps {
  readonly cause: MediaFailure;
  readonly magnet: string;
  readonly severalFiles: boolean;
  readonly onRetry: () => void;
  readonly onOpenFiles: () => void;
}

export function UnplayableCard(props: UnplayableCardProps) {
  const actions = (
    <>
      <Button icon="retry" onPress={props.onRetry}>
        {i18n.t('common.tryAgain')}
      </Button>
      {props.severalFiles ? (
        <Button icon="files" onPress={props.onOpenFiles}>
          {i18n.t('player.unplayable.chooseAnother')}
        </Button>
      ) : null}
      <MagnetActions magnet={props.magnet} />
    </>
  );
  if (props.cause === 'interrupted') {
    return (
      <MessageCard name="interrupted" tone="warn" title={i18n.t('player.unplayable.interrupted')} actions={actions}>
        <p>{i18n.t('player.unplayable.interruptedAbout')}</p>
      </MessageCard>
    );
  }
  return (
    <MessageCard name="unplayable" tone="warn" title={i18n.t('player.unplayable.title')} actions={actions}>
      <ul>
        <li>
          <RichText text={i18n.t('player.unplayable.plays')} />
        </li>
        <li>
          <RichText text={i18n.t('player.unplayable.doesNot')} />
        </li>
      </ul>
      <p>{i18n.t('player.unplayable.app')}</p>
    </MessageCard>
  );
}
