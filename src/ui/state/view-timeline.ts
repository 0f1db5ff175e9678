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

/** Those that happened in the order of their times; those that have not keep the place where they usually come. */
export function viewTimeline(facts: ViewTimelineFacts): readonly ViewMoment[] {
  const moments = VIEW_TIMELINE_EVENTS.map((event): ViewMoment => {
    const atMs = momentMs(event, facts);
    return { event, sinceClickMs: atMs === undefined ? undefined : Math.max(0, Math.round(atMs - facts.clickedAtMs)) };
  });
  const happened = moments.filter(({ sinceClickMs }) => sinceClickMs !== undefined);
  const inTime = happened.toSorted((left, right) => (left.sinceClickMs ?? 0) - (right.sinceClickMs ?? 0)).values();
  return moments.map((moment) => (moment.sinceClickMs === undefined ? moment : (inTime.next().value ?? moment)));
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
