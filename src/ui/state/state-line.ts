import type { FileSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import { formatCount, formatElapsed, formatNumber, formatRate, formatShare } from './format';
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
  if (facts.engineRefusal !== undefined) return { headline: 'The engine does not start', details: [facts.engineRefusal] };
  if (facts.engineLost) return { headline: 'Restarting the engine…', details: [] };
  if (isWatching(view)) return watchingLine(view, session);
  switch (view.kind) {
    case 'starting':
      return { headline: 'Starting…', details: [] };
    case 'refused':
      return { headline: 'This player is closed', details: [] };
    case 'awaiting-consent':
      return { headline: 'Waiting for your agreement', details: [] };
    case 'joining':
      return joiningLine(session, facts.withoutPeerMs);
    case 'rejected':
      return { headline: 'This link cannot be played', details: [] };
    case 'removed':
      return { headline: 'Stopped', details: [] };
    case 'choosing-file':
      return { headline: 'Choose what to play', details: [formatCount(session?.files?.length ?? 0, 'file')] };
  }
}

function joiningLine(session: SessionSnapshot | undefined, withoutPeerMs: number): StateLine {
  if (session === undefined) return { headline: 'Starting the engine…', details: [] };
  switch (session.state.kind) {
    case 'searching':
      return searchingLine(session, withoutPeerMs);
    case 'metadata':
      return { headline: 'Asking what the film is made of…', details: [senderWords(session)] };
    case 'active':
    case 'complete':
      return { headline: 'Opening the film…', details: [senderWords(session)] };
    case 'paused':
      return { headline: 'Paused', details: [] };
    case 'failed':
      return { headline: 'This film cannot be loaded', details: [] };
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
      return { headline: 'Buffering…', details: transferDetails(session, file) };
    case 'playing':
      return { headline: file?.kind === 'image' ? 'Picture' : 'Playing', details: transferDetails(session, file) };
    case 'paused':
      return view.autoplayRefused
        ? { headline: 'Ready: press play', details: ['this page does not let films start by themselves'] }
        : { headline: 'Paused', details: transferDetails(session, file) };
    case 'stalled':
      return { headline: 'Waiting for the next pieces…', details: transferDetails(session, file) };
    case 'ended':
      return { headline: 'The end', details: transferDetails(session, file) };
    case 'unplayable':
      return { headline: 'This file does not play here', details: [] };
  }
}

function transferDetails(session: SessionSnapshot | undefined, file: FileSnapshot | undefined): readonly string[] {
  if (session === undefined) return [];
  if (isFileComplete(file))
    return [senderWords(session), `↑ ${formatRate(session.rates.uploadBytesPerSecond)}`, 'complete, all of it verified'];
  const verified = file === undefined ? [] : [`${formatShare(file.verifiedBytes, file.lengthBytes)} verified`];
  return [senderWords(session), `↓ ${formatRate(session.rates.downloadBytesPerSecond)}`, ...verified];
}
