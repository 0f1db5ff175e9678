import { useSignalEffect, type ReadonlySignal } from '@preact/signals';
import type { FilmTimes } from '@/src/ui/state/seek-ranges';
import type { StreamRequest } from '@/src/protocol/engine-api';
import { findFile } from '@/src/ui/state/session-facts';
import { isWatching } from '@/src/ui/state/view-state';
import { AdviceCard } from './advice-card';
import { AudioView } from './audio-view';
import { EnginePanel } from './engine-panel';
import { FileList } from './file-list';
import { FilmControls } from './film-controls';
import { FilmImage } from './film-image';
import { FilmVideo } from './film-video';
import type { PlayerActions } from './join-session';
import { KeyHelp } from './key-help';
import { MissingTrackNote } from './missing-track-note';
import { perform } from './perform-action';
import { PlayerBar } from './player-bar';
import type { PlayerModel } from './player-model';
import { PublisherNote } from './publisher-note';
import { ResumeNote } from './resume-note';
import { StartPanel } from './start-panel';
import { SubtitleMenu } from './subtitle-menu';
import { SubtitleNote } from './subtitle-note';
import type { Subtitles } from './subtitles';
import { UnseenPressNote } from './unseen-press-note';
import { ViewCard } from './view-card';

interface PlayerAppProps {
  readonly model: PlayerModel;
  readonly actions: PlayerActions;
  readonly subtitles: Subtitles;
  readonly filmTimes: ReadonlySignal<FilmTimes | undefined>;
}

export function PlayerApp(props: PlayerAppProps) {
  const { model, actions, subtitles } = props;
  useSignalEffect(() => {
    document.title = model.session.value?.name ?? 'Lodestream';
  });
  const view = model.view.value;
  const session = model.session.value;
  const magnet = model.request.value?.magnet ?? '';
  const watching = isWatching(view) ? view : undefined;
  const file = watching === undefined ? undefined : findFile(session, watching.fileIndex);
  const loaded = loadedFile(model);
  const fileName = file?.path.at(-1) ?? '';
  const isPicture = file?.kind === 'image';
  const choosing = view.kind === 'choosing-file';
  const files = session?.files ?? [];

  return (
    <main class="player" data-view-state={view.kind}>
      <div class="stage" data-controls={model.media.paused.value || model.pointerMoves.value ? 'shown' : 'hidden'}>
        {loaded === undefined ? null : isPicture ? (
          <FilmImage key={model.load.value} model={model} {...loaded} name={fileName} />
        ) : (
          <FilmVideo
            key={model.load.value}
            model={model}
            subtitles={subtitles}
            {...loaded}
            fileKind={file?.kind ?? 'video'}
            onPosition={(positionS, durationS, settled) => {
              if (watching !== undefined) actions.noteProgress(watching.fileIndex, { positionS, durationS, settled });
            }}
            onPress={() => perform({ kind: 'play-or-pause' }, props)}
            onDoublePress={() => perform({ kind: 'fullscreen' }, props)}
          />
        )}
        {file?.kind === 'audio' ? <AudioView name={fileName} /> : null}
        {view.kind === 'stalled' ? <span class="waiting-ring" /> : null}
        <div class="over-film">
          <StartPanel model={model} />
          <AdviceCard advice={model.advice.value} actions={actions} magnet={magnet} waitedMs={() => model.withoutPeerMs.value} />
          <ViewCard
            view={view}
            actions={actions}
            magnet={magnet}
            severalFiles={files.length > 1}
            onOpenWelcome={model.openWelcome}
            onOpenFiles={model.toggleFiles}
          />
        </div>
        {watching === undefined ? null : (
          <ResumeNote
            positionS={model.missing.value === 'none' ? model.resumedAtS.value : undefined}
            onRestart={() => actions.restartFile(watching.fileIndex)}
            onDismiss={() => model.noteResumed(undefined)}
          />
        )}
        <PublisherNote session={session} onAnswer={actions.answerPublisher} />
        {watching === undefined || watching.kind === 'unplayable' || model.firstFrameAtMs.value === undefined || isPicture ? null : (
          <FilmControls player={props} times={props.filmTimes} />
        )}
        <output class="key-hint">{model.hint.value}</output>
        <MissingTrackNote missing={model.missing.value} onDismiss={model.dismissMissing} />
        {choosing || model.filesOpen.value ? (
          <FileList
            name={session?.name ?? ''}
            magnet={magnet}
            files={files}
            playingIndex={watching?.fileIndex}
            saving={model.saving.value}
            onChoose={actions.chooseFile}
            onSave={actions.saveFile}
            onSaveAll={actions.saveAllFiles}
            onClose={choosing ? undefined : model.closePanels}
          />
        ) : null}
        {session !== undefined && model.enginesOpen.value ? (
          <EnginePanel
            session={session}
            stalls={model.stallsByEngine.value.stalls}
            onChoose={actions.setMode}
            onClose={model.closePanels}
          />
        ) : null}
        {watching !== undefined && model.subtitlesOpen.value ? <SubtitleMenu subtitles={subtitles} onClose={model.closePanels} /> : null}
        <SubtitleNote subtitles={subtitles} />
      </div>
      <UnseenPressNote model={model} />
      <PlayerBar model={model} />
      {model.keysOpen.value ? <KeyHelp singleKeys={model.singleKeys.value} onClose={model.toggleKeys} /> : null}
    </main>
  );
}

/** What the element loads: the file that is shown, or the film before its files are known. */
function loadedFile({ view, sessionId, askedAhead }: PlayerModel): LoadedFile | undefined {
  const shown = view.value;
  const ahead = askedAhead.value;
  const canPlay = isWatching(shown) ? shown.kind !== 'unplayable' : shown.kind === 'joining';
  if (canPlay && ahead !== undefined) return { sessionId: ahead, fileIndex: 'unasked' };
  const id = sessionId.value;
  return canPlay && isWatching(shown) && id !== undefined ? { sessionId: id, fileIndex: shown.fileIndex } : undefined;
}

type LoadedFile = Pick<StreamRequest, 'sessionId' | 'fileIndex'>;
