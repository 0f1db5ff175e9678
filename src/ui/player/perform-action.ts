import { inReadingOrder, isPlayable } from '@/src/protocol/file-choice';
import type { FileSnapshot } from '@/src/protocol/engine-api';
import { formatNumber, formatShare } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { speedAfter, type PlayerAction } from '@/src/ui/state/player-keys';
import { isWatching, type ViewState } from '@/src/ui/state/view-state';
import type { PlayerActions } from './join-session';
import type { PlayerModel } from './player-model';
import type { Subtitles } from './subtitles';

/** What keys and buttons act on. */
export interface Player {
  readonly model: PlayerModel;
  readonly actions: Pick<PlayerActions, 'chooseFile'>;
  readonly subtitles: Subtitles;
}

/** Pictures of a film follow each other about so fast; a browser does not say how fast. */
const FRAME_S = 1 / 24;

/** Does what a key or a button stands for. Returns whether there was anything to do it with. */
export function perform(action: PlayerAction, { model, actions, subtitles }: Player): boolean {
  if (action.kind === 'help') {
    model.toggleKeys();
    return true;
  }
  if (action.kind === 'overlay') return model.toggleOverlay(action.mode);
  if (action.kind === 'file-by') return goToFile(action.files, model, actions);
  const media = document.querySelector<HTMLVideoElement>('video.film');
  if (media === null) return false;
  switch (action.kind) {
    case 'play-or-pause':
      if (media.paused) void media.play().catch(() => undefined);
      else media.pause();
      return true;
    case 'mute':
      media.muted = !(media.muted || media.volume === 0);
      if (!media.muted && media.volume === 0) media.volume = model.media.heardVolume.peek();
      model.showHint(media.muted ? i18n.t('player.hint.soundOff') : i18n.t('player.hint.soundOn'));
      return true;
    case 'volume-by':
      media.muted = false;
      media.volume = Math.min(1, Math.max(0, media.volume + action.share));
      model.showHint(i18n.t('player.hint.volume', { share: formatShare(media.volume + 0.005, 1) }));
      return true;
    case 'speed-by':
      media.playbackRate = speedAfter(media.playbackRate, action.steps);
      model.showHint(i18n.t('player.hint.speed', { speed: formatNumber(media.playbackRate) }));
      return true;
    case 'seek-by':
      seek(media, media.currentTime + action.seconds);
      model.showHint(i18n.t(action.seconds < 0 ? 'keys.back' : 'keys.on', { seconds: formatNumber(Math.abs(action.seconds)) }));
      return true;
    case 'speed':
      media.playbackRate = action.speed;
      return true;
    case 'volume':
      media.muted = action.share === 0;
      media.volume = action.share;
      return true;
    case 'seek-to':
      seek(media, media.duration * action.share);
      return true;
    case 'frame-by':
      if (media.paused) seek(media, media.currentTime + action.frames * FRAME_S);
      return media.paused;
    case 'subtitles':
      subtitles.toggle();
      return true;
    case 'next-subtitles':
      subtitles.chooseNext();
      return true;
    case 'subtitles-by':
      subtitles.shiftBy(action.seconds);
      return true;
    case 'fullscreen':
      // With what is shown over the film, not the bare picture.
      if (document.fullscreenElement === null) enter(stageOf(media).requestFullscreen(), i18n.t('player.hint.noFullScreen'), model);
      else void document.exitFullscreen();
      return true;
    case 'picture-in-picture':
      if (document.pictureInPictureElement === null) {
        enter(media.requestPictureInPicture(), i18n.t('player.hint.noPictureInPicture'), model);
      } else void document.exitPictureInPicture();
      return true;
    default:
      return action satisfies never;
  }
}

function seek(media: HTMLVideoElement, seconds: number): void {
  if (Number.isFinite(seconds))
    media.currentTime = Math.min(Number.isFinite(media.duration) ? media.duration : seconds, Math.max(0, seconds));
}

function enter(entering: Promise<unknown>, refused: string, model: PlayerModel): void {
  entering.catch(() => model.showHint(refused));
}

function stageOf(media: HTMLVideoElement): Element {
  return media.closest('.stage') ?? media;
}

function goToFile(steps: -1 | 1, model: PlayerModel, actions: Pick<PlayerActions, 'chooseFile'>): boolean {
  const view = model.view.peek();
  if (!isWatching(view)) return false;
  const next = fileBeside(model.session.peek()?.files, view, steps);
  if (next === undefined) model.showHint(steps === 1 ? i18n.t('player.hint.lastFile') : i18n.t('player.hint.firstFile'));
  else actions.chooseFile(next.index);
  return true;
}

/** The file that is played before or after the one that is. */
export function fileBeside(files: readonly FileSnapshot[] | undefined, view: ViewState, steps: -1 | 1): FileSnapshot | undefined {
  if (!isWatching(view)) return undefined;
  const playable = inReadingOrder(files ?? []).filter(isPlayable);
  return playable[playable.findIndex(({ index }) => index === view.fileIndex) + steps];
}
