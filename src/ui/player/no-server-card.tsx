import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { EngineMode } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import type { PlayerActions } from './join-session';
import { TrackerForm } from './tracker-form';

interface NoServerCardProps {
  readonly mode: EngineMode;
  readonly actions: PlayerActions;
  readonly settings: ComponentChildren;
}

const TITLES: Readonly<Record<EngineMode, string>> = {
  webrtc: 'No signaling server is set',
  webtorrent: 'There is no tracker to ask',
  hybrid: 'There is no server to ask',
};

const SENTENCES: Readonly<Record<EngineMode, string>> = {
  webrtc: 'A signaling server is where viewers of the same film find each other. Add one, or switch one on, in the settings.',
  webtorrent: 'The link names no tracker that a browser can ask, and none is switched on in the settings. Add one there.',
  hybrid: 'Neither a signaling server nor a tracker is set, and the link names none that a browser can ask. Add one in the settings.',
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
            <Button icon="engine" onPress={() => void actions.setMode('hybrid').then((refusal) => setComplaint(refusal ?? ''))}>
              Use both engines
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
