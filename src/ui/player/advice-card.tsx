import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import type { Advice } from '@/src/ui/state/advice';
import type { PlayerActions } from './join-session';
import { MagnetActions } from './magnet-actions';
import { openSettings } from '@/src/ui/components/open-settings';
import { WaitedFor } from './waited-for';

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
      return (
        <MessageCard name="no-server" tone="warn" title="No signaling server is set" actions={settings}>
          <p>A signaling server is where viewers of the same film find each other. Add one, or switch one on, in the settings.</p>
        </MessageCard>
      );
    case 'signaling-unreachable':
      return (
        <MessageCard
          name="signaling-unreachable"
          tone="warn"
          title="No signaling server can be reached"
          actions={
            <>
              <Button look="primary" icon="retry" onPress={actions.retrySignaling}>
                Try again
              </Button>
              {settings}
            </>
          }
        >
          <ul>
            {advice.servers.map((server) => (
              <li key={server.url}>
                <code>{server.url}</code>: {server.reason ?? 'it has not answered yet.'}
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
      return (
        <MessageCard name="no-peer" tone="info" title="Nobody who has this film is here yet" actions={<MagnetActions magnet={magnet} />}>
          <p>
            Asked for <WaitedFor ms={waitedMs} /> at{' '}
            {advice.servers.map((server, index) => (
              <>
                {index > 0 ? ', ' : ''}
                <code>{server}</code>
              </>
            ))}
            . Peers in ordinary torrent apps cannot be reached from a browser.
          </p>
          <ul>
            <li>Leave this open: it starts by itself as soon as someone comes.</li>
            <li>Ask the publisher to seed the film with Lodestream on the same signaling server.</li>
            <li>Or hand the link to a torrent app.</li>
          </ul>
        </MessageCard>
      );
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
            Nothing is lost. Make room on this computer, or delete films that are open from the Lodestream menu in the toolbar, and go on.
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
