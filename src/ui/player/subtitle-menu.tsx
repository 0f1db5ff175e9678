import { useId } from 'preact/hooks';
import { IconButton } from '@/src/ui/components/button';
import { i18n } from '@/src/ui/state/i18n';
import { usePanelFocus } from './panel-focus';
import { SubtitleFileButton } from './subtitle-file-button';
import { SubtitleLook } from './subtitle-look';
import type { SubtitleTrack } from './subtitle-tracks';
import type { Subtitles } from './subtitles';

interface SubtitleMenuProps {
  readonly subtitles: Subtitles;
  readonly onClose: () => void;
}

export function SubtitleMenu({ subtitles, onClose }: SubtitleMenuProps) {
  const panel = usePanelFocus('input:checked');
  const name = useId();
  const shownId = subtitles.shownId.value;
  return (
    <section class="subtitles" aria-labelledby="subtitles-title" ref={panel}>
      <header>
        <h2 id="subtitles-title">{i18n.t('player.subtitles.title')}</h2>
        <IconButton icon="close" label={i18n.t('player.subtitles.close')} onPress={onClose} />
      </header>
      <div class="subtitles-body">
        <fieldset class="subtitle-tracks">
          <legend class="visually-hidden">{i18n.t('player.subtitles.ofThisFilm')}</legend>
          <label class="subtitle-track">
            <input type="radio" name={name} checked={shownId === undefined} onChange={() => subtitles.choose(undefined)} />
            <span>{i18n.t('player.subtitles.off')}</span>
          </label>
          {subtitles.tracks.value.map((track) => (
            <label key={track.id} class="subtitle-track" data-track={track.id}>
              <input type="radio" name={name} checked={shownId === track.id} onChange={() => subtitles.choose(track.id)} />
              <span>
                <bdi>{track.name}</bdi> <TrackNotes track={track} isFetching={shownId === track.id && subtitles.isFetching.value} />
              </span>
            </label>
          ))}
        </fieldset>
        {subtitles.tracks.value.length === 0 ? <p class="soft small">{i18n.t('player.subtitles.noneCome')}</p> : null}
        <SubtitleFileButton subtitles={subtitles} />
        <SubtitleLook subtitles={subtitles} />
      </div>
    </section>
  );
}

function TrackNotes({ track, isFetching }: { readonly track: SubtitleTrack; readonly isFetching: boolean }) {
  const notes = [...track.notes, ...(isFetching ? [i18n.t('player.subtitles.fetching')] : [])];
  return (
    <span class="soft small">
      {notes.join(' · ')}
      {track.name === track.fileName ? null : (
        <>
          {notes.length === 0 ? '' : ' · '}
          <bdi>{track.fileName}</bdi>
        </>
      )}
    </span>
  );
}
