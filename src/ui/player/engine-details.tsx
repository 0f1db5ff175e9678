import type { EngineMode, SessionSnapshot } from '@/src/protocol/engine-api';
import { engineFigures } from '@/src/ui/state/engine-figures';
import { ENGINE_WORDS } from '@/src/ui/state/engine-words';
import { i18n } from '@/src/ui/state/i18n';
import { noticeWords } from '@/src/ui/state/notice-words';

interface EngineDetailsProps {
  readonly mode: EngineMode;
  readonly session: SessionSnapshot;
  readonly stalls: number;
}

/** The same sections and rows for each engine, so that those beside each other can be read across. */
export function EngineDetails({ mode, session, stalls }: EngineDetailsProps) {
  const words = ENGINE_WORDS[mode];
  const figures = engineFigures(session, mode, stalls);
  const reason = mode === session.mode ? session.sources.find((source) => source.reason !== undefined)?.reason : undefined;
  return (
    <>
      <section>
        {reason !== undefined && (
          <p class="soft" data-source-reason>
            {noticeWords(reason)}
          </p>
        )}
        <h3>{mode === 'hybrid' ? i18n.t('player.engine.allSources') : i18n.t('player.engine.thisSession')}</h3>
        {figures === undefined ? (
          <p class="soft">{i18n.t('player.engine.notUsed')}</p>
        ) : (
          <dl class="engine-figures">
            {figures.map((figure) => (
              <div key={figure.label} data-figure={figure.label}>
                <dt>{figure.label}</dt>
                <dd>{figure.value}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
      <Points title={i18n.t('player.engine.good')} look="good" points={words.goodAt} />
      <Points title={i18n.t('player.engine.bad')} look="bad" points={words.badAt} />
      <Points title={i18n.t('player.engine.when')} look="when" points={words.chooseWhen} />
    </>
  );
}

function Points(props: { readonly title: string; readonly look: 'good' | 'bad' | 'when'; readonly points: readonly string[] }) {
  return (
    <section>
      <h3>{props.title}</h3>
      <ul class={`points points-${props.look}`}>
        {props.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}
