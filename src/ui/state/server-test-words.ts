import type { ServerTest } from '@/src/protocol/engine-api';
import { formatNumber } from './format';
import { i18n } from './i18n';
import { noticeWords } from './notice-words';

/** What a test of a server found out, in a sentence. */
export function serverTestWords(test: ServerTest): string {
  if (!test.ok) return noticeWords(test.reason);
  const protocol = test.protocol === 'WebTorrent' ? i18n.t('serverTest.webtorrentTracker') : test.protocol;
  const time = formatNumber(Math.round(test.connectMs));
  if (test.roundTripMs === undefined) return i18n.t('serverTest.works', { protocol, time });
  const roundTrip = formatNumber(Math.round(test.roundTripMs));
  return i18n.t('serverTest.worksRoundTrip', { protocol, time, roundTrip });
}
