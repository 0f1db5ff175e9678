import type { Bytes } from '@/src/base/bytes';
import { batch, effect, untracked } from '@preact/signals';
import { connectEngine } from '@/src/messaging/engine-connection';
import {
  EngineCallError,
  type EngineCalls,
  type EngineMode,
  type EngineSnapshot,
  type FileSnapshot,
  type ReadVerifiedRequest,
  type SessionId,
} from '@/src/protocol/engine-api';
import { chooseFile } from '@/src/protocol/file-choice';
import { answerPublisher } from '@/src/settings/settings-store';
import { parseInfoHash } from '@/src/protocol/ids';
import { i18n } from '@/src/ui/state/i18n';
import { findFile } from '@/src/ui/state/session-facts';
import { resumePositionS } from '@/src/ui/state/resume-position';
import { isWatching } from '@/src/ui/state/view-state';
import { allowHost, letThrough } from './allow-host';
import type { PlayerModel } from './player-model';
import { filePickers, saveAllFiles, saveFile, type SaveRequest } from './save-film';
import { errorWords } from '@/src/ui/state/error-words';
import { savingErrorWords } from '@/src/ui/state/issue-words';
import { noticeWords } from '@/src/ui/state/notice-words';

export interface FilmProgress {
  readonly positionS: number;
  readonly durationS: number;
  /** It stands there: not to be told of soon again. */
  readonly settled: boolean;
}

export type FilePart = Omit<ReadVerifiedRequest, 'sessionId'>;

/** So much of the film between two notes of where it is. */
const NOTE_EVERY_S = 5;

/** What the viewer can ask of the engine. Each does nothing while no engine is there; the next one is told what is wanted. */
export interface PlayerActions {
  readonly chooseFile: (fileIndex: number) => void;
  /** Loads the same file into the element again, where it stopped. */
  readonly reloadFile: (fileIndex: number) => void;
  readonly rejoin: () => void;
  /** The film that goes on where it was left begins anew. */
  readonly restartFile: (fileIndex: number) => void;
  /** Where the film is, so that it goes on there another time. */
  readonly noteProgress: (fileIndex: number, progress: FilmProgress) => void;
  /** How much of the film is there after where it is shown, in s. */
  readonly reportBuffer: (aheadS: number) => void;
  /** A part of a file if it is verified, and an engine is there to say so; it moves nothing. */
  readonly readVerified: (part: FilePart) => Promise<Bytes | undefined>;
  readonly saveFile: (file: FileSnapshot) => void;
  /** In the overlay, where no folder can be chosen, it opens the film in a tab. */
  readonly saveAllFiles: (files: readonly FileSnapshot[]) => void;
  readonly resume: () => void;
  readonly retry: () => void;
  /** For all films whose links name this signaling server, from now on. */
  readonly answerPublisher: (host: string, allowed: boolean) => void;
  /** These answer the sentence to show when nothing came of it. */
  readonly setMode: (mode: EngineMode) => Promise<string | undefined>;
  readonly addTracker: (url: string) => Promise<string | undefined>;
  readonly allowWebSeed: (url: string) => Promise<string | undefined>;
}

export const NO_ENGINE = i18n.t('common.noEngine');

/** Opens the film's session with the engine, and again with every engine that follows it. */
export function joinSession(model: PlayerModel, magnet: string, until: AbortSignal): PlayerActions {
  let calls: EngineCalls | undefined;
  let wantedFileIndex: number | undefined;
  /** Where the film was when the engine was last told. */
  let notedAtS = 0;

  async function join(engine: EngineCalls): Promise<void> {
    model.dispatch({ kind: 'join-started' });
    const opened = await engine.openSession({ magnet });
    wantedFileIndex = opened.wantedFileIndex;
    model.sessionId.value = opened.sessionId;
    if (model.askedAhead.value !== opened.sessionId) model.askedAhead.value = undefined;
    const view = model.view.value;
    if (isWatching(view)) await engine.selectFile({ sessionId: opened.sessionId, fileIndex: view.fileIndex });
    await engine.watch({ kind: 'session', sessionId: opened.sessionId });
    if (model.media.stalled.peek()) await engine.reportStall({ sessionId: opened.sessionId, isStalled: true });
  }

  function attempt(action: (engine: EngineCalls) => Promise<void>): void {
    const engine = calls;
    if (engine === undefined) return;
    action(engine).catch((error: unknown) => {
      if (error instanceof EngineCallError && error.code === 'engine-lost') return;
      const linkAtFault = error instanceof EngineCallError && (error.code === 'bad-magnet' || error.code === 'unsupported-magnet');
      const sentence = errorWords(error, i18n.t('common.unexpected'));
      model.dispatch({ kind: 'join-rejected', sentence, retryHelps: !linkAtFault });
    });
  }

  function attemptOnSession(action: (engine: EngineCalls, sessionId: SessionId) => Promise<void>): void {
    const sessionId = model.sessionId.value;
    if (sessionId !== undefined) attempt((engine) => action(engine, sessionId));
  }

  function save(run: (request: SaveRequest) => Promise<void>): void {
    const sessionId = model.sessionId.value;
    if (sessionId !== undefined) void run({ sessionId, signal: until, onState: model.showSaving });
  }

  async function ask(action: (engine: EngineCalls, sessionId: SessionId) => Promise<void>): Promise<string | undefined> {
    const sessionId = model.sessionId.value;
    if (calls === undefined || sessionId === undefined) return NO_ENGINE;
    try {
      await action(calls, sessionId);
      return undefined;
    } catch (error) {
      return errorWords(error, i18n.t('common.failed'));
    }
  }

  function load(fileIndex: number, startAtS: number): void {
    batch(() => {
      model.reload(startAtS);
      model.dispatch({ kind: 'file-chosen', fileIndex });
    });
  }

  function choose(fileIndex: number): void {
    const leftAtS = findFile(model.session.value, fileIndex)?.positionS;
    load(fileIndex, leftAtS ?? 0);
    model.noteResumed(leftAtS);
    attemptOnSession((engine, sessionId) => engine.selectFile({ sessionId, fileIndex }));
  }

  /** Nobody chose it. What was asked for ahead is this file: it goes on being loaded. */
  function playUnasked(fileIndex: number): void {
    const file = findFile(model.session.value, fileIndex);
    const goesOn = model.askedAhead.value !== undefined && file?.kind !== 'image' && (file?.positionS ?? 0) === 0;
    if (!goesOn) return choose(fileIndex);
    batch(() => {
      model.dispatch({ kind: 'file-chosen', fileIndex });
      if (model.media.playing.value) model.dispatch({ kind: 'media-playing' });
    });
    attemptOnSession((engine, sessionId) => engine.selectFile({ sessionId, fileIndex }));
  }

  function show(snapshot: EngineSnapshot): void {
    const session = snapshot.sessions.find((candidate) => candidate.id === model.sessionId.value);
    if (session === undefined) {
      if (model.session.value !== undefined) model.dispatch({ kind: 'session-removed' });
      model.showSession(undefined);
      return;
    }
    model.showSession(session);
    if (model.view.value.kind !== 'joining' || session.files === undefined) return;
    const choice = chooseFile(session.files, wantedFileIndex);
    if (choice.kind === 'chosen') playUnasked(choice.fileIndex);
    else model.dispatch({ kind: 'choice-needed' });
  }

  model.dispatch({ kind: 'join-started' });
  if (model.view.peek().kind === 'joining') model.askedAhead.value = namedSession(magnet);
  const stopTelling = effect(() => {
    if (model.firstFrameAtMs.value !== undefined) attemptOnSession((engine, sessionId) => engine.pictureShown({ sessionId }));
  });
  until.addEventListener('abort', stopTelling, { once: true });
  const stopReporting = effect(() => {
    const isStalled = model.media.stalled.value;
    untracked(() => attemptOnSession((engine, sessionId) => engine.reportStall({ sessionId, isStalled }).catch(() => undefined)));
  });
  until.addEventListener('abort', stopReporting, { once: true });
  connectEngine({
    events: { snapshot: show },
    onConnected(connected) {
      calls = connected;
      model.engineLost.value = false;
      model.engineRefusal.value = undefined;
      attempt(join);
    },
    onLost() {
      calls = undefined;
      model.engineLost.value = true;
    },
    onRefused(error) {
      model.engineRefusal.value = noticeWords(error.notice);
    },
    signal: until,
  });

  return {
    chooseFile: choose,
    reloadFile: (fileIndex) => load(fileIndex, model.resumeAtS.value),
    restartFile: (fileIndex) => {
      model.noteResumed(undefined);
      load(fileIndex, 0);
    },
    noteProgress: (fileIndex, { positionS, durationS, settled }) => {
      if (!settled && Math.abs(positionS - notedAtS) < NOTE_EVERY_S) return;
      notedAtS = positionS;
      const left = { fileIndex, positionS: resumePositionS(positionS, durationS) };
      attemptOnSession((engine, sessionId) => engine.leaveFileAt({ sessionId, ...left }).catch(() => undefined));
    },
    reportBuffer: (aheadS) => {
      attemptOnSession((engine, sessionId) => engine.reportBuffer({ sessionId, aheadS }).catch(() => undefined));
    },
    readVerified: async (part) => {
      const sessionId = model.sessionId.value;
      return sessionId === undefined ? undefined : calls?.readVerified({ sessionId, ...part }).catch(() => undefined);
    },
    saveFile: (file) => save((request) => saveFile(request, file)),
    saveAllFiles: (files) => {
      if (filePickers() === undefined) model.openTab();
      else save((request) => saveAllFiles(request, files));
    },
    rejoin: () => attempt(join),
    resume: () => attemptOnSession((engine, sessionId) => engine.resumeSession({ sessionId })),
    retry: () => attempt((engine) => engine.retry()),
    answerPublisher: (host, allowed) => {
      // The film goes on, and the question stays.
      answerPublisher(host, allowed).catch((error: unknown) => model.showHint(savingErrorWords(error, i18n.t('player.publisher.notKept'))));
    },
    setMode: (mode) => ask((engine, sessionId) => engine.setMode({ sessionId, mode })),
    addTracker: (url) =>
      ask(async (engine, sessionId) => {
        await letThrough(url);
        await engine.addTracker({ sessionId, url });
      }),
    allowWebSeed: async (url) =>
      (await allowHost(url)) ??
      ask(async (engine, sessionId) => {
        await letThrough(url);
        await engine.allowWebSeed({ sessionId, url });
      }),
  };
}

/** The session that a link names the way most do. A film of any other link is loaded once its session is open. */
function namedSession(magnet: string): SessionId | undefined {
  return parseInfoHash(/[?&]xt=urn:btih:([0-9a-f]{40})(?:&|$)/i.exec(magnet)?.[1]?.toLowerCase() ?? '');
}
