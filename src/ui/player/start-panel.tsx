import { TimelineList } from '@/src/ui/components/timeline-list';
import { i18n } from '@/src/ui/state/i18n';
import type { PlayerModel } from './player-model';

/** What fills the frame until there is a picture; afterwards the start-up times on request. */
export function StartPanel({ model }: { readonly model: PlayerModel }) {
  const started = model.firstFrameAtMs.value !== undefined;
  const kind = model.view.value.kind;
  const starting = !started && (kind === 'starting' || kind === 'joining' || kind === 'buffering');
  const name = model.session.value === undefined ? 'Lodestream' : <bdi>{model.session.value.name}</bdi>;
  return (
    <>
      {starting ? null : <h1 class="visually-hidden">{name}</h1>}
      <section class={started ? 'start start-over' : 'start'} hidden={!starting && !model.timesOpen.value}>
        {starting ? <h1>{name}</h1> : <h2>{i18n.t('player.startUpTimes')}</h2>}
        <TimelineList moments={model.timeline.value} />
      </section>
    </>
  );
}
