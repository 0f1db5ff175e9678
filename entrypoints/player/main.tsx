import { render } from 'preact';
import { PlayerApp } from '@/src/ui/player/player-app';
import { createPlayerModel } from '@/src/ui/player/player-model';
import { closeOnEscape } from '@/src/ui/player/close-on-escape';
import { listenToKeys } from '@/src/ui/player/player-keyboard';
import { startPlayer } from '@/src/ui/player/start-player';
import { createSubtitles } from '@/src/ui/player/subtitles';
import { takeDroppedFiles } from '@/src/ui/player/take-dropped-files';
import { mountPoint } from '@/src/ui/components/mount-point';
import { pageLife } from '@/src/ui/state/page-life';

const model = createPlayerModel(pageLife);
const actions = startPlayer(model, location.hash.slice(1), pageLife);
const subtitles = createSubtitles(model, pageLife);
closeOnEscape(model, pageLife);
listenToKeys({ model, actions, subtitles }, pageLife);
takeDroppedFiles(model, subtitles, pageLife);
render(<PlayerApp model={model} actions={actions} subtitles={subtitles} />, mountPoint('player.title'));
