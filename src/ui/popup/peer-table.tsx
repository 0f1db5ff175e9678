import type { LinkSnapshot, PeerSnapshot, SessionSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
import { SOURCE_WORDS } from '@/src/ui/state/engine-words';
import { peerSearch, trackerFact, webSeedFact } from '@/src/ui/state/peer-search';
import { formatBytes, formatCount, formatMilliseconds, formatNumber, formatRate, formatShare } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { noticeWords } from '@/src/ui/state/notice-words';

const PATHS: Record<PeerSnapshot['path'], string> = {
  host: i18n.t('popup.path.host'),
  srflx: i18n.t('popup.path.direct'),
  prflx: i18n.t('popup.path.direct'),
  relay: i18n.t('popup.path.relay'),
  memory: i18n.t('popup.path.memory'),
  unknown: i18n.t('popup.path.unknown'),
};

const SERVER_STATES: Record<SignalingSnapshot['state'], string> = {
  idle: i18n.t('popup.server.idle'),
  connecting: i18n.t('popup.server.connecting'),
  connected: i18n.t('popup.server.connected'),
  unreachable: i18n.t('popup.server.unreachable'),
};

export function PeerTable({ session }: { readonly session: SessionSnapshot }) {
  const { signaling, trackers, webSeeds } = peerSearch(session);
  return (
    <div class="peers small">
      {session.peers.length === 0 ? <p class="soft">{i18n.t('popup.noPeerYet')}</p> : null}
      <ul>
        {session.peers.map((peer) => (
          <PeerRow key={peer.id} peer={peer} />
        ))}
      </ul>
      <ul>
        {signaling.map((server) => (
          <ServerRow
            key={server.url}
            url={server.url}
            words={`${SERVER_STATES[server.state]}${server.reason === undefined ? '' : `: ${noticeWords(server.reason)}`}`}
          />
        ))}
        {trackers.map((tracker) => (
          <ServerRow key={tracker.url} url={tracker.url} words={trackerFact(tracker)} />
        ))}
        {webSeeds.map((seed) => (
          <ServerRow key={seed.url} url={seed.url} words={webSeedFact(seed)} />
        ))}
      </ul>
    </div>
  );
}

function ServerRow(props: { readonly url: string; readonly words: string }) {
  return (
    <li class="server" data-server={props.url}>
      <code>
        <bdi>{props.url}</bdi>
      </code>
      : <bdi>{props.words}</bdi>
    </li>
  );
}

function PeerRow({ peer }: { readonly peer: PeerSnapshot }) {
  const facts = [
    SOURCE_WORDS[peer.source],
    peer.state === 'connecting' ? i18n.t('popup.peer.connecting') : PATHS[peer.path],
    ...(peer.rttMs === undefined ? [] : [i18n.t('popup.peer.away', { time: formatMilliseconds(peer.rttMs) })]),
    i18n.t('popup.peer.has', { share: formatShare(peer.availability, 1) }),
    ...linkFacts(peer.link),
  ];
  return (
    <li
      data-peer-id={peer.id}
      data-peer-source={peer.source}
      data-peer-state={peer.state}
      data-downloaded-bytes={peer.totals.downloadedBytes}
      data-uploaded-bytes={peer.totals.uploadedBytes}
    >
      <p>
        <code>{peer.id.slice(0, 8)}</code> <span class="soft">{facts.join(' · ')}</span>
      </p>
      <p class="figures">
        <span>
          ↓ {formatRate(peer.rates.downloadBytesPerSecond)} ({formatBytes(peer.totals.downloadedBytes)})
        </span>
        <span>
          ↑ {formatRate(peer.rates.uploadBytesPerSecond)} ({formatBytes(peer.totals.uploadedBytes)})
        </span>
        {peer.strikes === 0 ? null : <span class="strikes">{formatCount(peer.strikes, 'badPiece')}</span>}
        {peer.link === undefined || peer.link.failures === 0 ? null : <span>{formatCount(peer.link.failures, 'failedRequest')}</span>}
      </p>
    </li>
  );
}

/** What is out of the ordinary, or under way. */
function linkFacts(link: LinkSnapshot | undefined): readonly string[] {
  if (link === undefined) return [];
  return [
    ...(link.connections > 1 ? [i18n.t('popup.peer.connections', link.connections, { count: formatNumber(link.connections) })] : []),
    ...(link.queuedRequests > 0 ? [i18n.t('popup.peer.requests', link.queuedRequests, { count: formatNumber(link.queuedRequests) })] : []),
    ...(link.isChoking ? [i18n.t('popup.peer.makesUsWait')] : []),
    ...(link.isChoked ? [i18n.t('popup.peer.weMakeItWait')] : []),
  ];
}
