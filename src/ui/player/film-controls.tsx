import type { ReadonlySignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { IconButton } from '@/src/ui/components/button';
import { formatNumber, formatPosition } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { SPEEDS, type PlayerAction } from '@/src/ui/state/player-keys';
import { verifiedShares, type FilmTimes } from '@/src/ui/state/seek-ranges';
import { findFile } from '@/src/ui/state/session-facts';
import { isWatching } from '@/src/ui/state/view-state';
import { fileBeside, perform, type Player } from './perform-action';
import { SeekBar } from './seek-bar';

interface FilmControlsProps {
  readonly player: Player;
  readonly times: ReadonlySignal<FilmTimes | undefined>;
}

/** What leads the film, over its lower edge: the same as the keys do. */
export function FilmControls({ player, times }: FilmControlsProps) {
  const { model } = player;
  const { media } = model;
  const [hasPointer, setPointer] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  // Nobody sees them while the film runs by itself, and to follow it costs work that decoding has a use for. As data-controls has it.
  const isShown = media.paused.value || model.pointerMoves.value || hasPointer || hasFocus;
  const followed = <Value,>(signal: ReadonlySignal<Value>): Value => (isShown ? signal.value : signal.peek());
  const session = followed(model.session);
  const view = model.view.value;
  const files = session?.files;
  const file = isWatching(view) ? findFile(session, view.fileIndex) : undefined;
  const act = (action: PlayerAction) => () => void perform(action, player);
  const [before, next] = [fileBeside(files, view, -1), fileBeside(files, view, 1)];

  return (
    <fieldset
      class="controls"
      aria-label={i18n.t('player.film')}
      onPointerEnter={() => setPointer(true)}
      onPointerLeave={() => setPointer(false)}
      onFocusIn={() => setFocus(true)}
      onFocusOut={() => setFocus(false)}
    >
      <SeekBar
        positionS={followed(media.positionS)}
        durationS={media.durationS.value}
        verified={verifiedShares(file, times.value)}
        onSeek={(share) => perform({ kind: 'seek-to', share }, player)}
      />
      <div class="controls-row">
        <IconButton
          icon={media.paused.value ? 'play' : 'pause'}
          label={media.paused.value ? i18n.t('player.play') : i18n.t('player.pause')}
          onPress={act({ kind: 'play-or-pause' })}
        />
        {before === undefined ? null : (
          <IconButton icon="previous" label={i18n.t('player.fileBefore')} onPress={act({ kind: 'file-by', files: -1 })} />
        )}
        {next === undefined ? null : (
          <IconButton icon="next" label={i18n.t('player.nextFile')} onPress={act({ kind: 'file-by', files: 1 })} />
        )}
        <IconButton
          icon={media.muted.value || media.volume.value === 0 ? 'muted' : 'volume'}
          label={media.muted.value || media.volume.value === 0 ? i18n.t('player.soundOn') : i18n.t('player.soundOff')}
          onPress={act({ kind: 'mute' })}
        />
        <input
          class="volume"
          type="range"
          min="0"
          max="1"
          step="0.05"
          aria-label={i18n.t('player.volume')}
          value={media.muted.value ? 0 : media.volume.value}
          onInput={(event) => perform({ kind: 'volume', share: event.currentTarget.valueAsNumber }, player)}
        />
        <span class="position">
          {formatPosition(followed(media.positionS))} <span class="soft">/ {formatPosition(media.durationS.value)}</span>
        </span>
        <select
          class="speed"
          aria-label={i18n.t('player.speed')}
          value={String(media.speed.value)}
          onChange={(event) => perform({ kind: 'speed', speed: Number(event.currentTarget.value) }, player)}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {formatNumber(speed)} ×
            </option>
          ))}
        </select>
        {media.hasPicture.value ? (
          <IconButton icon="picture-in-picture" label={i18n.t('player.pictureInPicture')} onPress={act({ kind: 'picture-in-picture' })} />
        ) : null}
        <IconButton
          icon={model.isFullScreen.value ? 'leave-full-screen' : 'full-screen'}
          label={model.isFullScreen.value ? i18n.t('player.leaveFullScreen') : i18n.t('player.fullScreen')}
          onPress={act({ kind: 'fullscreen' })}
        />
      </div>
    </fieldset>
  );
}
