import { IconButton } from '@/src/ui/components/button';
import type { PlayerModel } from './player-model';

/** The slim line below the film: what happens now, and what can be opened. */
export function PlayerBar({ model }: { readonly model: PlayerModel }) {
  const { headline, details } = model.line.value;
  const severalFiles = (model.session.value?.files?.length ?? 0) > 1;
  return (
    <footer class="bar">
      <span class="pulse" aria-hidden="true" />
      <p class="state-line">
        <output>{headline}</output> <span class="soft">{details.join(' · ')}</span>
      </p>
      {severalFiles && model.view.value.kind !== 'choosing-file' ? (
        <IconButton icon="files" label="Files" expanded={model.filesOpen.value} onPress={model.toggleFiles} />
      ) : null}
      {model.firstFrameAtMs.value === undefined ? null : (
        <IconButton icon="timeline" label="Start-up times" expanded={model.timesOpen.value} onPress={model.toggleTimes} />
      )}
    </footer>
  );
}
