/** One player, as opposed to the session, which every tab shares. */
export type ViewState =
  | { readonly kind: 'starting' }
  /** The page holds no valid token and stays inert. */
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'awaiting-consent' }
  /** From asking for the session until its files are known. */
  | { readonly kind: 'joining' }
  /** The engine would not open the session. Trying again helps unless the link itself is at fault. */
  | { readonly kind: 'rejected'; readonly sentence: string; readonly retryHelps: boolean }
  /** The session was ended elsewhere. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'choosing-file' }
  | WatchingState;

export type WatchingState =
  | { readonly kind: 'buffering'; readonly fileIndex: number }
  | { readonly kind: 'playing'; readonly fileIndex: number }
  | { readonly kind: 'paused'; readonly fileIndex: number; readonly autoplayRefused: boolean }
  | { readonly kind: 'stalled'; readonly fileIndex: number }
  | { readonly kind: 'ended'; readonly fileIndex: number }
  | { readonly kind: 'unplayable'; readonly fileIndex: number; readonly cause: MediaFailure };

export type MediaFailure = 'unsupported' | 'interrupted';

export type ViewEvent =
  | { readonly kind: 'token-refused'; readonly sentence: string }
  | { readonly kind: 'consent-missing' }
  | { readonly kind: 'join-started' }
  | { readonly kind: 'join-rejected'; readonly sentence: string; readonly retryHelps: boolean }
  | { readonly kind: 'session-removed' }
  | { readonly kind: 'choice-needed' }
  | { readonly kind: 'file-chosen'; readonly fileIndex: number }
  /** What the video element reports, never what was asked of it. */
  | { readonly kind: 'media-playing' | 'media-paused' | 'media-waiting' | 'media-ended' | 'autoplay-refused' }
  | { readonly kind: 'media-failed'; readonly cause: MediaFailure };

export function isWatching(view: ViewState): view is WatchingState {
  return 'fileIndex' in view;
}

export function nextViewState(view: ViewState, event: ViewEvent): ViewState {
  switch (event.kind) {
    case 'token-refused':
      return { kind: 'refused', sentence: event.sentence };
    case 'consent-missing':
      return { kind: 'awaiting-consent' };
    case 'join-started':
      // A new engine is joined while the film goes on from what the element has buffered.
      return isWatching(view) || view.kind === 'choosing-file' ? view : { kind: 'joining' };
    case 'join-rejected':
      return { kind: 'rejected', sentence: event.sentence, retryHelps: event.retryHelps };
    case 'session-removed':
      return { kind: 'removed' };
    case 'choice-needed':
      return { kind: 'choosing-file' };
    case 'file-chosen':
      return { kind: 'buffering', fileIndex: event.fileIndex };
    case 'media-playing':
    case 'media-paused':
    case 'media-waiting':
    case 'media-ended':
    case 'autoplay-refused':
    case 'media-failed':
      return isWatching(view) ? nextWatchingState(view, event) : view;
  }
}

type MediaEvent = Extract<ViewEvent, { readonly kind: `media-${string}` | 'autoplay-refused' }>;

function nextWatchingState(view: WatchingState, event: MediaEvent): WatchingState {
  const { fileIndex } = view;
  // A failed element still reports a pause; only another file, or the same one chosen again, leads out.
  if (view.kind === 'unplayable') return view;
  switch (event.kind) {
    case 'media-playing':
      return { kind: 'playing', fileIndex };
    case 'media-paused':
      return { kind: 'paused', fileIndex, autoplayRefused: false };
    case 'autoplay-refused':
      return { kind: 'paused', fileIndex, autoplayRefused: true };
    case 'media-waiting':
      return view.kind === 'buffering' ? view : { kind: 'stalled', fileIndex };
    case 'media-ended':
      return { kind: 'ended', fileIndex };
    case 'media-failed':
      return { kind: 'unplayable', fileIndex, cause: event.cause };
  }
}
