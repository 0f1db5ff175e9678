import type { ViewMoment, ViewTimelineEvent } from '@/src/ui/state/view-timeline';
import { formatMilliseconds } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';

const WORDS: Record<ViewTimelineEvent, string> = {
  overlay: i18n.t('timeline.overlay'),
  signaling: i18n.t('timeline.signaling'),
  peer: i18n.t('timeline.peer'),
  metadata: i18n.t('timeline.metadata'),
  'first-piece': i18n.t('timeline.firstPiece'),
  'first-frame': i18n.t('timeline.firstFrame'),
};

/** What a start has come through, with the time since the click. */
export function TimelineList(props: { readonly moments: readonly ViewMoment[] }) {
  // What was passed over is not waited for: WebTorrent alone needs no signaling server.
  const last = props.moments.findLastIndex((moment) => moment.sinceClickMs !== undefined);
  return (
    <ol class="timeline" aria-label={i18n.t('timeline.label')}>
      {props.moments.map(({ event, sinceClickMs }, index) => (
        <li key={event} data-timeline-event={event} data-ms={sinceClickMs} data-current={index === last + 1 ? '' : undefined}>
          <span>{WORDS[event]}</span>
          {sinceClickMs === undefined ? (
            <span>{index < last ? i18n.t('timeline.notNeeded') : '…'}</span>
          ) : (
            <data value={sinceClickMs}>{formatMilliseconds(sinceClickMs)}</data>
          )}
        </li>
      ))}
    </ol>
  );
}
