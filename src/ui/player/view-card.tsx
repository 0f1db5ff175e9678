import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
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
        <MessageCard name="refused" tone="info" title="This player is closed">
          <p>{view.sentence}</p>
        </MessageCard>
      );
    case 'awaiting-consent':
      return (
        <MessageCard
          name="awaiting-consent"
          tone="info"
          title="Before the first film"
          actions={
            <Button look="primary" onPress={onOpenWelcome}>
              Read and decide
            </Button>
          }
        >
          <p>
            Films come from other viewers, and they see your IP address while you watch. Nothing has been contacted yet. Once you agree, the
            film starts here by itself.
          </p>
        </MessageCard>
      );
    case 'rejected':
      return (
        <MessageCard
          name="rejected"
          tone="bad"
          title={view.retryHelps ? 'The film could not be opened' : 'This link cannot be played'}
          actions={
            <>
              {view.retryHelps ? (
                <Button look="primary" icon="retry" onPress={actions.rejoin}>
                  Try again
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
          title="This film was stopped"
          actions={
            <Button look="primary" icon="play" onPress={actions.rejoin}>
              Start again
            </Button>
          }
        >
          <p>It was stopped from the Lodestream menu in the toolbar.</p>
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
