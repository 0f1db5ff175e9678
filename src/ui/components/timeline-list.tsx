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
  // What was passed over is not waited for: WebTorrent alone needs no signaling server.
  const last = props.moments.findLastIndex((moment) => moment.sinceClickMs !== undefined);
  return (
    <ol class="timeline" aria-label="Start-up, in time since the click">
      {props.moments.map(({ event, sinceClickMs }, index) => (
        <li key={event} data-timeline-event={event} data-ms={sinceClickMs} data-current={index === last + 1 ? '' : undefined}>
          <span>{WORDS[event]}</span>
          {sinceClickMs === undefined ? (
            <span>{index < last ? 'not needed' : '…'}</span>
          ) : (
            <data value={sinceClickMs}>{formatMilliseconds(sinceClickMs)}</data>
          )}
        </li>
      ))}
    </ol>
  );
}
