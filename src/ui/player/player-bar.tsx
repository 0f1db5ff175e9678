import { IconButton } from '@/src/ui/components/button';
import { ENGINE_WORDS } from '@/src/ui/state/engine-words';
import { i18n } from '@/src/ui/state/i18n';
import { findFile } from '@/src/ui/state/session-facts';
import { isWatching } from '@/src/ui/state/view-state';
import type { PlayerModel } from './player-model';

/** The slim line below the film: what happens now, and what can be opened. */
export function PlayerBar({ model }: { readonly model: PlayerModel }) {
  const { headline, details } = model.line.value;
  const session = model.session.value;
  const view = model.view.value;
  const hasFiles = (session?.files?.length ?? 0) > 0;
  const hasSubtitles = isWatching(view) && view.kind !== 'unplayable' && findFile(session, view.fileIndex)?.kind !== 'image';
  return (
    <footer class="bar">
      <span class="pulse" aria-hidden="true" />
      <p class="state-line">
        <output>{headline}</output> <span class="soft">{details.join(' · ')}</span>
      </p>
      {session === undefined ? null : (
        <IconButton
          icon="engine"
          label={i18n.t('player.engine.button', { name: ENGINE_WORDS[session.mode].name })}
          expanded={model.enginesOpen.value}
          onPress={model.toggleEngines}
        />
      )}
      {hasFiles && view.kind !== 'choosing-file' ? (
        <IconButton icon="files" label={i18n.t('player.files.title')} expanded={model.filesOpen.value} onPress={model.toggleFiles} />
      ) : null}
      {hasSubtitles ? (
        <IconButton
          icon="subtitles"
          label={i18n.t('player.subtitles.title')}
          expanded={model.subtitlesOpen.value}
          onPress={model.toggleSubtitles}
        />
      ) : null}
      {model.firstFrameAtMs.value === undefined ? null : (
        <IconButton icon="timeline" label={i18n.t('player.startUpTimes')} expanded={model.timesOpen.value} onPress={model.toggleTimes} />
      )}
      {model.firstFrameAtMs.value === undefined ? null : (
        <IconButton icon="keyboard" label={i18n.t('keys.title')} expanded={model.keysOpen.value} onPress={model.toggleKeys} />
      )}
    </footer>
  );
}
