import type { EngineMode, SessionSnapshot } from '@/src/protocol/engine-api';
import { engineFigures } from '@/src/ui/state/engine-figures';
import { ENGINE_WORDS } from '@/src/ui/state/engine-words';

interface EngineCardProps {
  readonly mode: EngineMode;
  readonly session: SessionSnapshot;
  readonly stalls: number;
}

/** The same rows in every card, so that cards beside each other can be read across. */
export function EngineCard({ mode, session, stalls }: EngineCardProps) {
  const words = ENGINE_WORDS[mode];
  const figures = engineFigures(session, mode, stalls);
  return (
    <article class="engine-card" data-engine-card={mode} aria-current={mode === session.mode ? 'true' : undefined}>
      <h4>{words.name}</h4>
      <Points title="Good at" look="good" points={words.goodAt} />
      <Points title="Not good at" look="bad" points={words.badAt} />
      <Points title="Use it when" look="when" points={words.chooseWhen} />
      <section>
        <h5>{mode === 'hybrid' ? 'In this session, all sources' : 'In this session'}</h5>
        {figures === undefined ? (
          <p class="soft">Not used yet.</p>
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
    </article>
  );
}

function Points(props: { readonly title: string; readonly look: 'good' | 'bad' | 'when'; readonly points: readonly string[] }) {
  return (
    <section>
      <h5>{props.title}</h5>
      <ul class={`points points-${props.look}`}>
        {props.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}
