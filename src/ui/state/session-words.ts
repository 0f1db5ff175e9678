import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { formatShare } from './format';
import { i18n } from './i18n';
import { askedServers, peerSearch, type PeerSearch } from './peer-search';
import { chosenBytes } from './session-facts';
import { noticeWords } from './notice-words';

/** A session's state as a person would put it. */
export function sessionWords(session: SessionSnapshot): string {
  switch (session.state.kind) {
    case 'searching':
      return searchWords(peerSearch(session));
    case 'metadata':
      return i18n.t('session.metadata');
    case 'active': {
      const { verifiedBytes, lengthBytes } = chosenBytes(session);
      return i18n.t('session.downloading', { share: formatShare(verifiedBytes, lengthBytes) });
    }
    case 'paused':
      return session.state.reason === 'disk-full' ? i18n.t('session.diskFull') : i18n.t('session.paused');
    case 'complete':
      return session.share === undefined ? i18n.t('session.complete') : i18n.t('session.shared');
    case 'failed':
      return i18n.t('session.failed', { reason: noticeWords(session.state.advice) });
  }
}

export function searchWords(search: PeerSearch): string {
  const servers = askedServers(search);
  switch (search.stage) {
    case 'asking':
      return i18n.t('search.asking');
    case 'nobody-to-ask':
      return search.mode === 'webrtc' ? i18n.t('search.noSignalingServer') : i18n.t('search.noServer');
    case 'unreachable':
      return i18n.t(`search.unreachable.${servers}`);
    case 'connecting':
      return i18n.t(`search.connecting.${servers}`);
  }
}
