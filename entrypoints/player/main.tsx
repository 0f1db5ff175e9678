import { render } from 'preact';
import { PlayerApp } from '@/src/ui/player/player-app';
import { createPlayerModel } from '@/src/ui/player/player-model';
import { followBuffer } from '@/src/ui/player/follow-buffer';
import { followFilmTimes } from '@/src/ui/player/follow-film-times';
import { addressToken } from '@/src/ui/player/address-token';
import { closeOnEscape } from '@/src/ui/player/close-on-escape';
import { listenToKeys } from '@/src/ui/player/player-keyboard';
import { startPlayer } from '@/src/ui/player/start-player';
import { createSubtitles } from '@/src/ui/player/subtitles';
import { takeDroppedFiles } from '@/src/ui/player/take-dropped-files';
import { mountPoint } from '@/src/ui/components/mount-point';
import { OnGuardedPress } from '@/src/ui/components/seen-press';
import { pageLife } from '@/src/ui/state/page-life';

const model = createPlayerModel(pageLife);
const actions = startPlayer(model, addressToken(window), pageLife);
const subtitles = createSubtitles(model, pageLife);
const filmTimes = followFilmTimes(model, actions, pageLife);
followBuffer(model, actions, filmTimes, pageLife);
closeOnEscape(model, pageLife);
listenToKeys({ model, actions, subtitles }, pageLife);
takeDroppedFiles(model, subtitles, pageLife);
render(
  <OnGuardedPress.Provider value={model.notePress}>
    <PlayerApp model={model} actions={actions} subtitles={subtitles} filmTimes={filmTimes} />
  </OnGuardedPress.Provider>,
  mountPoint('player.title'),
);
