import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { openSettings } from '@/src/ui/components/open-settings';
import type { Advice } from '@/src/ui/state/advice';
import type { PlayerActions } from './join-session';
import { MagnetActions } from './magnet-actions';
import { NoPeerCard } from './no-peer-card';
import { NoServerCard } from './no-server-card';

interface AdviceCardProps {
  readonly advice: Advice;
  readonly actions: PlayerActions;
  readonly magnet: string;
  readonly waitedMs: () => number;
}

export function AdviceCard({ advice, actions, magnet, waitedMs }: AdviceCardProps) {
  const settings = (
    <Button icon="settings" onPress={openSettings}>
      Open settings
    </Button>
  );
  switch (advice.kind) {
    case 'none':
      return null;
    case 'no-server':
      return <NoServerCard mode={advice.mode} actions={actions} settings={settings} />;
    case 'signaling-unreachable':
      return (
        <MessageCard
          name="signaling-unreachable"
          tone="warn"
          title="No signaling server can be reached"
          actions={
            <>
              <Button look="primary" icon="retry" onPress={actions.retry}>
                Try again
              </Button>
              {settings}
            </>
          }
        >
          <ul>
            {advice.servers.map((server) => (
              <li key={server.url}>
                <code>
                  <bdi>{server.url}</bdi>
                </code>
                : {server.reason ?? 'it has not answered yet.'}
              </li>
            ))}
          </ul>
          <p>
            Without it no peer can be found. Check that you are online and that the server runs, or enter another one in the settings.
            Lodestream keeps trying and goes on by itself.
          </p>
        </MessageCard>
      );
    case 'no-peer':
      return <NoPeerCard search={advice.search} actions={actions} magnet={magnet} waitedMs={waitedMs} />;
    case 'disk-full':
      return (
        <MessageCard
          name="disk-full"
          tone="bad"
          title="The disk is full"
          actions={
            <Button look="primary" icon="play" onPress={actions.resume}>
              Go on
            </Button>
          }
        >
          <p>
            Nothing is lost. Make room on this computer, or delete stored films in the Lodestream menu in the toolbar: the film then goes on
            by itself within seconds.
          </p>
        </MessageCard>
      );
    case 'paused-by-user':
      return (
        <MessageCard
          name="paused-by-user"
          tone="info"
          title="The download is paused"
          actions={
            <Button look="primary" icon="play" onPress={actions.resume}>
              Go on
            </Button>
          }
        >
          <p>It was paused from the Lodestream menu in the toolbar.</p>
        </MessageCard>
      );
    case 'failed':
      return (
        <MessageCard
          name="failed"
          tone="bad"
          title={advice.code === 'store-failed' ? 'The film cannot be stored' : 'This film cannot be loaded'}
          actions={
            <>
              <Button icon="retry" onPress={actions.rejoin}>
                Try again
              </Button>
              <MagnetActions magnet={magnet} />
            </>
          }
        >
          <p>{advice.advice}</p>
        </MessageCard>
      );
  }
}
