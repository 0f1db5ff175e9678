import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { i18n } from '@/src/ui/state/i18n';
import type { ViewState } from '@/src/ui/state/view-state';
import type { PlayerActions } from './join-session';
import { MagnetActions } from './magnet-actions';
import { UnplayableCard } from './unplayable-card';

interface ViewCardProps {
  readonly view: ViewState;
  readonly actions: PlayerActions;
  readonly magnet: string;
  readonly severalFiles: boolean;
  readonly onOpenWelcome: () => void;
  readonly onOpenFiles: () => void;
}

/** What stands where the film would be, while the view itself is why there is none. */
export function ViewCard({ view, actions, magnet, severalFiles, onOpenWelcome, onOpenFiles }: ViewCardProps) {
  switch (view.kind) {
    case 'refused':
      return (
        <MessageCard name="refused" tone="info" title={i18n.t('state.closed')}>
          <p>{view.sentence}</p>
        </MessageCard>
      );
    case 'awaiting-consent':
      return (
        <MessageCard
          name="awaiting-consent"
          tone="info"
          title={i18n.t('common.beforeFirstFilm')}
          actions={
            <Button look="primary" onPress={onOpenWelcome}>
              {i18n.t('common.readAndDecide')}
            </Button>
          }
        >
          <p>{i18n.t('player.consent')}</p>
        </MessageCard>
      );
    case 'rejected':
      return (
        <MessageCard
          name="rejected"
          tone="bad"
          title={view.retryHelps ? i18n.t('player.notOpened') : i18n.t('state.rejected')}
          actions={
            <>
              {view.retryHelps ? (
                <Button look="primary" icon="retry" onPress={actions.rejoin}>
                  {i18n.t('common.tryAgain')}
                </Button>
              ) : null}
              <MagnetActions magnet={magnet} />
            </>
          }
        >
          <p>{view.sentence}</p>
        </MessageCard>
      );
    case 'removed':
      return (
        <MessageCard
          name="removed"
          tone="info"
          title={i18n.t('player.removed.title')}
          actions={
            <Button look="primary" icon="play" onPress={actions.rejoin}>
              {i18n.t('player.removed.startAgain')}
            </Button>
          }
        >
          <p>{i18n.t('player.removed.about')}</p>
        </MessageCard>
      );
    case 'unplayable':
      return (
        <UnplayableCard
          cause={view.cause}
          magnet={magnet}
          severalFiles={severalFiles}
          onRetry={() => actions.reloadFile(view.fileIndex)}
          onOpenFiles={onOpenFiles}
        />
      );
    case 'starting':
    case 'joining':
    case 'choosing-file':
    case 'buffering':
    case 'playing':
    case 'paused':
    case 'stalled':
    case 'ended':
      return null;
  }
}
