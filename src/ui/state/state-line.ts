import type { FileSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import { formatBytes, formatCount, formatElapsed, formatNumber, formatRate, formatShare } from './format';
import { i18n } from './i18n';
import { peerSearch } from './peer-search';
import { findFile, isFileComplete, senderWords } from './session-facts';
import { searchWords } from './session-words';
import { isWatching, type ViewState, type WatchingState } from './view-state';

export interface StateLine {
  /** Read aloud when it changes, so it holds no number that ticks. */
  readonly headline: string;
  /** Figures of this moment. */
  readonly details: readonly string[];
}

export interface StateLineFacts {
  readonly view: ViewState;
  readonly session: SessionSnapshot | undefined;
  readonly engineLost: boolean;
  /** Why no engine could be reached at the last try; another follows by itself. */
  readonly engineRefusal: string | undefined;
  /** How long no peer has been connected. */
  readonly withoutPeerMs: number;
}

export function stateLine(facts: StateLineFacts): StateLine {
  const { view, session } = facts;
  if (facts.engineRefusal !== undefined) return { headline: i18n.t('state.engineDoesNotStart'), details: [facts.engineRefusal] };
  if (facts.engineLost) return { headline: i18n.t('state.restartingEngine'), details: [] };
  if (isWatching(view)) return watchingLine(view, session);
  switch (view.kind) {
    case 'starting':
      return { headline: i18n.t('state.starting'), details: [] };
    case 'refused':
      return { headline: i18n.t('state.closed'), details: [] };
    case 'awaiting-consent':
      return { headline: i18n.t('state.awaitingConsent'), details: [] };
    case 'joining':
      return joiningLine(session, facts.withoutPeerMs);
    case 'rejected':
      return { headline: view.retryHelps ? i18n.t('player.notOpened') : i18n.t('state.rejected'), details: [] };
    case 'removed':
      return { headline: i18n.t('state.stopped'), details: [] };
    case 'choosing-file':
      return { headline: i18n.t('state.choosing'), details: [formatCount(session?.files?.length ?? 0, 'file')] };
  }
}

function joiningLine(session: SessionSnapshot | undefined, withoutPeerMs: number): StateLine {
  if (session === undefined) return { headline: i18n.t('state.startingEngine'), details: [] };
  switch (session.state.kind) {
    case 'searching':
      return searchingLine(session, withoutPeerMs);
    case 'metadata':
      return { headline: i18n.t('state.metadata'), details: [senderWords(session)] };
    case 'active':
    case 'complete':
      return { headline: i18n.t('state.opening'), details: [senderWords(session)] };
    case 'paused':
      return { headline: i18n.t('session.paused'), details: [] };
    case 'failed':
      return { headline: i18n.t('common.cannotBeLoaded'), details: [] };
  }
}

function searchingLine(session: SessionSnapshot, withoutPeerMs: number): StateLine {
  const search = peerSearch(session);
  const headline = searchWords(search);
  const waited = formatElapsed(withoutPeerMs);
  switch (search.stage) {
    case 'asking': {
      const connected = [...search.signaling, ...search.trackers].filter((server) => server.state === 'connected').length;
      return {
        headline: `${headline}…`,
        details: [waited, ...(connected === 0 ? [] : [i18n.t('state.serversConnected', connected, { count: formatNumber(connected) })])],
      };
    }
    case 'connecting':
      return { headline: `${headline}…`, details: [waited] };
    case 'unreachable':
      return { headline, details: [waited] };
    case 'nobody-to-ask':
      return { headline, details: [] };
  }
}

function watchingLine(view: WatchingState, session: SessionSnapshot | undefined): StateLine {
  const file = findFile(session, view.fileIndex);
  switch (view.kind) {
    case 'buffering':
      return { headline: i18n.t('state.buffering'), details: transferDetails(session, file) };
    case 'playing':
      return {
        headline: file?.kind === 'image' ? i18n.t('state.picture') : i18n.t('state.playing'),
        details: transferDetails(session, file),
      };
    case 'paused':
      return view.autoplayRefused
        ? { headline: i18n.t('state.pressPlay'), details: [i18n.t('state.autoplayRefused')] }
        : { headline: i18n.t('session.paused'), details: transferDetails(session, file) };
    case 'stalled':
      return { headline: i18n.t('state.stalled'), details: [...transferDetails(session, file), ...missingDetails(session)] };
    case 'ended':
      return { headline: i18n.t('state.ended'), details: transferDetails(session, file) };
    case 'unplayable':
      return { headline: i18n.t('state.unplayable'), details: [] };
  }
}

/** What has to come before the film can go on. */
function missingDetails(session: SessionSnapshot | undefined): readonly string[] {
  const { waitingBytes = 0 } = session ?? {};
  return waitingBytes === 0 ? [] : [i18n.t('state.missing', { size: formatBytes(waitingBytes) })];
}

function transferDetails(session: SessionSnapshot | undefined, file: FileSnapshot | undefined): readonly string[] {
  if (session === undefined) return [];
  if (isFileComplete(file)) return [senderWords(session), `↑ ${formatRate(session.rates.uploadBytesPerSecond)}`, i18n.t('state.complete')];
  const verified = file === undefined ? [] : [i18n.t('state.verified', { share: formatShare(file.verifiedBytes, file.lengthBytes) })];
  return [senderWords(session), `↓ ${formatRate(session.rates.downloadBytesPerSecond)}`, ...verified];
}
