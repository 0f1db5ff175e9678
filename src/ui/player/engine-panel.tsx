import { useState } from 'preact/hooks';
import type { EngineMode, SessionSnapshot } from '@/src/protocol/engine-api';
import { IconButton } from '@/src/ui/components/button';
import { SaveStatistics } from '@/src/ui/components/save-statistics';
import { EngineChoice } from '@/src/ui/components/engine-choice';
import { ENGINE_WORDS } from '@/src/ui/state/engine-words';
import { EngineDetails } from './engine-details';
import { usePanelFocus } from './panel-focus';

interface EnginePanelProps {
  readonly session: SessionSnapshot;
  readonly stalls: Readonly<Record<EngineMode, number>>;
  /** Answers the sentence to show when the engine refuses. */
  readonly onChoose: (mode: EngineMode) => Promise<string | undefined>;
  readonly onClose: () => void;
}

/** Which engines feed this film, and what there is to know before choosing others. */
export function EnginePanel({ session, stalls, onChoose, onClose }: EnginePanelProps) {
  const [complaint, setComplaint] = useState<string | undefined>(undefined);
  const panel = usePanelFocus();

  return (
    <section class="engines" aria-labelledby="engines-title" ref={panel}>
      <header>
        <div>
          <h2 id="engines-title">Engine</h2>
          <p class="soft small">For this film, in every tab that shows it. The default is in the settings.</p>
        </div>
        <IconButton icon="close" label="Close the engine panel" onPress={onClose} />
      </header>
      <div class="engines-body">
        <output class="small">{complaint ?? `In use: ${ENGINE_WORDS[session.mode].name}.`}</output>
        <EngineChoice
          legend="Engine for this film"
          chosen={session.mode}
          onChoose={(mode) => void onChoose(mode).then((refusal) => setComplaint(refusal))}
          details={{
            hybrid: <EngineDetails mode="hybrid" session={session} stalls={stalls.hybrid} />,
            webrtc: <EngineDetails mode="webrtc" session={session} stalls={stalls.webrtc} />,
            webtorrent: <EngineDetails mode="webtorrent" session={session} stalls={stalls.webtorrent} />,
          }}
        />
        <p class="engines-statistics">
          <SaveStatistics session={session} />
          <span class="soft small">A file for a bug report. It names neither the film nor any host.</span>
        </p>
      </div>
    </section>
  );
}
