import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { openSettings } from '@/src/ui/components/open-settings';
import type { Advice } from '@/src/ui/state/advice';
import { i18n } from '@/src/ui/state/i18n';
import type { PlayerActions } from './join-session';
import { MagnetActions } from './magnet-actions';
import { NoPeerCard } from './no-peer-card';
import { NoServerCard } from './no-server-card';
import { noticeWords } from '@/src/ui/state/notice-words';

interface AdviceCardProps {
  readonly advice: Advice;
  readonly actions: PlayerActions;
  readonly magnet: string;
  readonly waitedMs: () => number;
}

export function AdviceCard({ advice, actions, magnet, waitedMs }: AdviceCardProps) {
  const settings = (
    <Button icon="settings" onPress={openSettings}>
      {i18n.t('common.openSettings')}
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
          title={i18n.t('player.noSignaling.title')}
          actions={
            <>
              <Button look="primary" icon="retry" onPress={actions.retry}>
                {i18n.t('common.tryAgain')}
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
                : {server.reason === undefined ? i18n.t('player.noSignaling.notAnswered') : noticeWords(server.reason)}
              </li>
            ))}
          </ul>
          <p>{i18n.t('player.noSignaling.about')}</p>
        </MessageCard>
      );
    case 'no-peer':
      return <NoPeerCard search={advice.search} actions={actions} magnet={magnet} waitedMs={waitedMs} />;
    case 'disk-full':
      return (
        <MessageCard
          name="disk-full"
          tone="bad"
          title={i18n.t('player.diskFull.title')}
          actions={
            <Button look="primary" icon="play" onPress={actions.resume}>
              {i18n.t('player.goOn')}
            </Button>
          }
        >
          <p>{i18n.t('player.diskFull.about')}</p>
        </MessageCard>
      );
    case 'paused-by-user':
      return (
        <MessageCard
          name="paused-by-user"
          tone="info"
          title={i18n.t('player.paused.title')}
          actions={
            <Button look="primary" icon="play" onPress={actions.resume}>
              {i18n.t('player.goOn')}
            </Button>
          }
        >
          <p>{i18n.t('player.paused.about')}</p>
        </MessageCard>
      );
    case 'failed':
      return (
        <MessageCard
          name="failed"
          tone="bad"
          title={advice.code === 'store-failed' ? i18n.t('player.cannotBeStored') : i18n.t('common.cannotBeLoaded')}
          actions={
            <>
              <Button icon="retry" onPress={actions.rejoin}>
                {i18n.t('common.tryAgain')}
              </Button>
              <MagnetActions magnet={magnet} />
            </>
          }
        >
          <p>{noticeWords(advice.advice)}</p>
        </MessageCard>
      );
  }
}
