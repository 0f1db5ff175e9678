import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { EngineMode } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { i18n } from '@/src/ui/state/i18n';
import type { PlayerActions } from './join-session';
import { TrackerForm } from './tracker-form';

interface NoServerCardProps {
  readonly mode: EngineMode;
  readonly actions: PlayerActions;
  readonly settings: ComponentChildren;
}

const TITLES: Readonly<Record<EngineMode, string>> = {
  webrtc: i18n.t('player.noServer.webrtc.title'),
  webtorrent: i18n.t('player.noServer.webtorrent.title'),
  hybrid: i18n.t('player.noServer.hybrid.title'),
};

const SENTENCES: Readonly<Record<EngineMode, string>> = {
  webrtc: i18n.t('player.noServer.webrtc.about'),
  webtorrent: i18n.t('player.noServer.webtorrent.about'),
  hybrid: i18n.t('player.noServer.hybrid.about'),
};

export function NoServerCard({ mode, actions, settings }: NoServerCardProps) {
  const [complaint, setComplaint] = useState('');
  return (
    <MessageCard
      name="no-server"
      tone="warn"
      title={TITLES[mode]}
      actions={
        <>
          {settings}
          {mode === 'hybrid' ? null : (
            <Button icon="engine" guarded onPress={() => void actions.setMode('hybrid').then((refusal) => setComplaint(refusal ?? ''))}>
              {i18n.t('player.useBothEngines')}
            </Button>
          )}
        </>
      }
    >
      <p>{SENTENCES[mode]}</p>
      {mode === 'webrtc' ? null : <TrackerForm known={[]} onAdd={actions.addTracker} />}
      <output class="small">{complaint}</output>
    </MessageCard>
  );
}
