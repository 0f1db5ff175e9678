import type { SessionSnapshot } from '@/src/protocol/engine-api';

/** Moments of a start as this viewer saw them, in the order they usually come. */
export const VIEW_TIMELINE_EVENTS = ['overlay', 'signaling', 'peer', 'metadata', 'first-piece', 'first-frame'] as const;
export type ViewTimelineEvent = (typeof VIEW_TIMELINE_EVENTS)[number];

export interface ViewTimelineFacts {
  /** All in ms since the epoch. */
  readonly clickedAtMs: number;
  readonly overlayAtMs: number;
  readonly firstFrameAtMs: number | undefined;
  readonly session: SessionSnapshot['timeline'];
}

export interface ViewMoment {
  readonly event: ViewTimelineEvent;
  /** Since the click; 0 for what another tab had reached before; undefined when it has not happened. */
  readonly sinceClickMs: number | undefined;
}

export function viewTimeline(facts: ViewTimelineFacts): readonly ViewMoment[] {
  return VIEW_TIMELINE_EVENTS.map((event) => {
    const atMs = momentMs(event, facts);
    return { event, sinceClickMs: atMs === undefined ? undefined : Math.max(0, Math.round(atMs - facts.clickedAtMs)) };
  });
}

function momentMs(event: ViewTimelineEvent, facts: ViewTimelineFacts): number | undefined {
  switch (event) {
    case 'overlay':
      return facts.overlayAtMs;
    case 'first-frame':
      return facts.firstFrameAtMs;
    case 'signaling':
    case 'peer':
    case 'metadata':
    case 'first-piece':
      return facts.session[event];
  }
}
