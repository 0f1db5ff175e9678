import { effect, untracked, type ReadonlySignal } from '@preact/signals';
import { shareAhead, verifiedShares, type FilmTimes } from '@/src/ui/state/seek-ranges';
import { findFile } from '@/src/ui/state/session-facts';
import { isWatching } from '@/src/ui/state/view-state';
import type { PlayerActions } from './join-session';
import type { PlayerModel } from './player-model';

/**
 * Tells the engine how much of the film is there after where it is shown, for pages that show all films: the engine itself knows only where
 * the browser reads, which is ahead of the picture. Looked at once a second: the film's index is asked for it.
 */
export function followBuffer(
  model: PlayerModel,
  actions: Pick<PlayerActions, 'reportBuffer'>,
  times: ReadonlySignal<FilmTimes | undefined>,
  until: AbortSignal,
): void {
  let told: number | undefined;
  const stop = effect(() => {
    void model.nowMs.value;
    untracked(() => {
      const aheadS = secondsAhead(model, times.value);
      if (aheadS === undefined || aheadS === told) return;
      told = aheadS;
      actions.reportBuffer(aheadS);
    });
  });
  until.addEventListener('abort', stop, { once: true });
}

/** In whole seconds; undefined while there is no picture. */
function secondsAhead(model: PlayerModel, times: FilmTimes | undefined): number | undefined {
  const view = model.view.value;
  const durationS = model.media.durationS.value;
  if (!isWatching(view) || durationS === 0) return undefined;
  const { ranges } = verifiedShares(findFile(model.session.value, view.fileIndex), times);
  return Math.round(shareAhead(ranges, model.media.positionS.value / durationS) * durationS);
}
