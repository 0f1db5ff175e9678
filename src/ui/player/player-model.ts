import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { backgroundMessaging, type PlayerRequest, type ToggledMode } from '@/src/messaging/background-messages';
import type { SessionId, SessionSnapshot } from '@/src/protocol/engine-api';
import { chooseAdvice, type Advice } from '@/src/ui/state/advice';
import { createClock } from '@/src/ui/state/clock';
import { lonelySince } from '@/src/ui/state/lonely-since';
import type { MissingTrack } from '@/src/ui/state/missing-track';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';
import { countStalls, NO_STALLS, type StallsByEngine } from '@/src/ui/state/stalls-by-engine';
import { stateLine, type StateLine } from '@/src/ui/state/state-line';
import { nextViewState, type ViewEvent, type ViewState } from '@/src/ui/state/view-state';
import { viewTimeline, type ViewMoment } from '@/src/ui/state/view-timeline';
import { followPointer } from './follow-pointer';
import { createMediaState } from './media-state';
import type { SavingFiles, SavingState } from './save-film';

/** So much of the film the note about where it went on stays. */
const RESUMED_NOTE_S = 20;

/** Long enough to be read, short enough not to hide the film. */
const HINT_MS = 1500;

/** Everything the player page shows. Signals are written by the page's own code only: by the functions here and by join-session. */
export type PlayerModel = ReturnType<typeof createPlayerModel>;

export function createPlayerModel(until: AbortSignal) {
  // Asked for together with the token: each answer takes its time while a browser is busy opening the player.
  const settings = createSettingsSignal(until);
  /** Whether keys of one character lead the film; not before the settings have been read. */
  const singleKeys = computed(() => settings.value?.singleKeys === true);
  const view = signal<ViewState>({ kind: 'starting' });
  const request = signal<PlayerRequest | undefined>(undefined);
  const session = signal<SessionSnapshot | undefined>(undefined);
  const sessionId = signal<SessionId | undefined>(undefined);
  const engineLost = signal(false);
  /** Why the engine does not start, while it does not. */
  const engineRefusal = signal<string | undefined>(undefined);
  const lonelySinceMs = signal<number | undefined>(undefined);
  const firstFrameAtMs = signal<number | undefined>(undefined);
  const missing = signal<MissingTrack>('none');
  const missingDismissed = signal(false);
  const filesOpen = signal(false);
  const timesOpen = signal(false);
  const enginesOpen = signal(false);
  const subtitlesOpen = signal(false);
  const panels = [filesOpen, enginesOpen, subtitlesOpen, timesOpen];
  const keysOpen = signal(false);
  /** What a key has just done, where nothing else shows it. */
  const hint = signal<string | undefined>(undefined);
  let hintTimer: ReturnType<typeof setTimeout> | undefined;
  /** A press was made that does not count, since what was pressed was not in full view; the viewer is told until the next that counts. */
  const pressRefused = signal(false);
  const stallsByEngine = signal<StallsByEngine>(NO_STALLS);
  /** Where the film goes on when the element has to load it anew. */
  const resumeAtS = signal(0);
  /** Where the film went on from another time, for the note that says so. */
  const resumedAtS = signal<number | undefined>(undefined);
  const media = createMediaState();
  /** The film is loaded by the session that its link names, until its files are known and another load is wanted. */
  const askedAhead = signal<SessionId | undefined>(undefined);
  const isFullScreen = signal(false);
  document.addEventListener('fullscreenchange', () => (isFullScreen.value = document.fullscreenElement !== null), { signal: until });
  const saving = signal<SavingFiles>(new Map());
  /** Counts the loads of the video element: another file, or the same one tried again. */
  const load = signal(0);
  /** Before the click, where the page is loaded ahead, until its film comes. */
  const overlayAtMs = signal(Date.now());
  const nowMs = createClock(until);

  const withoutPeerMs = computed(() => (lonelySinceMs.value === undefined ? 0 : Math.max(0, nowMs.value - lonelySinceMs.value)));
  const line: ReadonlySignal<StateLine> = computed(() =>
    stateLine({
      view: view.value,
      session: session.value,
      engineLost: engineLost.value,
      engineRefusal: engineRefusal.value,
      withoutPeerMs: withoutPeerMs.value,
    }),
  );
  const timeline: ReadonlySignal<readonly ViewMoment[]> = computed(() =>
    viewTimeline({
      clickedAtMs: request.value?.clickedAtMs ?? overlayAtMs.value,
      overlayAtMs: overlayAtMs.value,
      firstFrameAtMs: firstFrameAtMs.value,
      session: session.value?.timeline ?? {},
    }),
  );
  /** They take the same place. */
  function toggleAlone(panel: Signal<boolean>): void {
    batch(() => {
      const open = !panel.value;
      for (const one of panels) one.value = false;
      panel.value = open;
    });
  }

  const advice = signal<Advice>({ kind: 'none' });
  const stopAdvising = effect(() => {
    const facts = { view: view.value, session: session.value, withoutPeerMs: withoutPeerMs.value };
    advice.value = chooseAdvice({ ...facts, previous: advice.peek() });
  });
  until.addEventListener('abort', stopAdvising, { once: true });

  return {
    settings,
    singleKeys,
    view,
    request,
    session,
    sessionId,
    engineLost,
    engineRefusal,
    firstFrameAtMs,
    missing,
    filesOpen,
    timesOpen,
    enginesOpen,
    subtitlesOpen,
    keysOpen,
    hint,
    pressRefused,
    stallsByEngine,
    resumeAtS,
    resumedAtS,
    saving,
    media,
    askedAhead,
    isFullScreen,
    pointerMoves: followPointer(until),
    load,
    nowMs,
    withoutPeerMs,
    line,
    timeline,
    advice,
    dispatch: (event: ViewEvent): void => {
      batch(() => {
        // What it loads is not known yet: it is loaded anew, and fails for a reason that can be told, once it is.
        const failed = event.kind === 'media-failed' || event.kind === 'autoplay-refused';
        if (event.kind === 'session-removed' || (failed && view.peek().kind === 'joining')) askedAhead.value = undefined;
        view.value = nextViewState(view.peek(), event);
      });
    },
    showSession: (snapshot: SessionSnapshot | undefined): void => {
      batch(() => {
        session.value = snapshot;
        if (snapshot !== undefined) stallsByEngine.value = countStalls(stallsByEngine.peek(), snapshot);
        lonelySinceMs.value = lonelySince(lonelySinceMs.peek(), snapshot, Date.now());
      });
    },
    /** The page has its film. */
    noteShown: (): void => {
      overlayAtMs.value = Date.now();
    },
    showFirstFrame: (): void => {
      firstFrameAtMs.value ??= Date.now();
    },
    showMissing: (found: MissingTrack): void => {
      if (!missingDismissed.value) missing.value = found;
    },
    dismissMissing: (): void => {
      missing.value = 'none';
      missingDismissed.value = true;
    },
    /** The element starts over: with another file, or with the same one where it stopped. */
    reload: (startAtS: number): void => {
      batch(() => {
        resumeAtS.value = startAtS;
        missing.value = 'none';
        missingDismissed.value = false;
        filesOpen.value = false;
        askedAhead.value = undefined;
        load.value++;
      });
    },
    /** A film of another time goes on where it was left. */
    noteResumed: (positionS: number | undefined): void => {
      resumedAtS.value = positionS;
    },
    showSaving: (fileIndex: number, state: SavingState): void => {
      saving.value = new Map(saving.peek()).set(fileIndex, state);
    },
    toggleFiles: (): void => toggleAlone(filesOpen),
    toggleEngines: (): void => toggleAlone(enginesOpen),
    toggleSubtitles: (): void => toggleAlone(subtitlesOpen),
    toggleTimes: (): void => toggleAlone(timesOpen),
    toggleKeys: (): void => {
      keysOpen.value = !keysOpen.value;
    },
    showHint: (text: string): void => {
      clearTimeout(hintTimer);
      hint.value = text;
      hintTimer = setTimeout(() => (hint.value = undefined), HINT_MS);
    },
    notePress: (counted: boolean): void => {
      pressRefused.value = !counted;
    },
    showPosition: (seconds: number): void => {
      resumeAtS.value = seconds;
      // The note has been read, or is of no use any more.
      const fromS = resumedAtS.peek();
      if (fromS !== undefined && Math.abs(seconds - fromS) > RESUMED_NOTE_S) resumedAtS.value = undefined;
    },
    /** Returns whether there was one to close. */
    closePanels: (): boolean => {
      const open = panels.some((panel) => panel.value);
      for (const panel of panels) panel.value = false;
      return open;
    },
    close: (): void => {
      void backgroundMessaging.sendMessage('closePlayer');
    },
    /** Returns whether there is one: the player may be a tab. */
    toggleOverlay: (mode: ToggledMode): boolean => {
      if (window === window.top) return false;
      void backgroundMessaging.sendMessage('toggleOverlay', { mode });
      return true;
    },
    /** The same film in a tab of its own. */
    openTab: (): void => {
      const asked = request.peek();
      if (asked !== undefined) void backgroundMessaging.sendMessage('openPlayerTab', asked);
    },
    openWelcome: (): void => {
      void backgroundMessaging.sendMessage('openWelcome');
    },
  };
}
