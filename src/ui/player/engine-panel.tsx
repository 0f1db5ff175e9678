import { useState } from 'preact/hooks';
import type { EngineMode, SessionSnapshot } from '@/src/protocol/engine-api';
import { IconButton } from '@/src/ui/components/button';
import { SaveStatistics } from '@/src/ui/components/save-statistics';
import { EngineChoice } from '@/src/ui/components/engine-choice';
import { useSeenPress } from '@/src/ui/components/seen-press';
import { ENGINE_WORDS } from '@/src/ui/state/engine-words';
import { i18n } from '@/src/ui/state/i18n';
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
  const [, setRefused] = useState(0);
  const panel = usePanelFocus('input:checked');
  const counts = useSeenPress(panel);

  function choose(mode: EngineMode, event: Event): void {
    if (counts(event)) void onChoose(mode).then((refusal) => setComplaint(refusal));
    // Drawn anew: the browser has marked the choice already.
    else setRefused((times) => times + 1);
  }

  return (
    <section class="engines" aria-labelledby="engines-title" ref={panel}>
      <header>
        <div>
          <h2 id="engines-title">{i18n.t('player.engine.title')}</h2>
          <p class="soft small">{i18n.t('player.engine.about')}</p>
        </div>
        <IconButton icon="close" label={i18n.t('player.engine.close')} onPress={onClose} />
      </header>
      <div class="engines-body">
        <output class="small">{complaint ?? i18n.t('player.engine.inUse', { name: ENGINE_WORDS[session.mode].name })}</output>
        <EngineChoice
          legend={i18n.t('player.engine.legend')}
          chosen={session.mode}
          onChoose={choose}
          details={{
            hybrid: <EngineDetails mode="hybrid" session={session} stalls={stalls.hybrid} />,
            webrtc: <EngineDetails mode="webrtc" session={session} stalls={stalls.webrtc} />,
            webtorrent: <EngineDetails mode="webtorrent" session={session} stalls={stalls.webtorrent} />,
          }}
        />
        <p class="engines-statistics">
          <SaveStatistics session={session} />
          <span class="soft small">{i18n.t('player.engine.statistics')}</span>
        </p>
      </div>
    </section>
  );
}
