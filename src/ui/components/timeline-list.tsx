import type { ViewMoment, ViewTimelineEvent } from '@/src/ui/state/view-timeline';
import { formatMilliseconds } from '@/src/ui/state/format';

const WORDS: Record<ViewTimelineEvent, string> = {
  overlay: 'Player open',
  signaling: 'Signaling server reached',
  peer: 'First peer connected',
  metadata: 'File list received',
  'first-piece': 'First piece verified',
  'first-frame': 'First picture',
};

/** What a start has come through, with the time since the click. */
export function TimelineList(props: { readonly moments: readonly ViewMoment[] }) {
  const shown = props.moments.at(-1)?.sinceClickMs !== undefined;
  const current = shown ? undefined : props.moments.find((moment) => moment.sinceClickMs === undefined)?.event;
  return (
    <ol class="timeline" aria-label="Start-up, in time since the click">
      {props.moments.map(({ event, sinceClickMs }) => (
        <li key={event} data-timeline-event={event} data-ms={sinceClickMs} data-current={event === current ? '' : undefined}>
          <span>{WORDS[event]}</span>
          {sinceClickMs === undefined ? (
            <span>{shown ? 'not needed' : '…'}</span>
          ) : (
            <data value={sinceClickMs}>{formatMilliseconds(sinceClickMs)}</data>
          )}
        </li>
      ))}
    </ol>
  );
}
