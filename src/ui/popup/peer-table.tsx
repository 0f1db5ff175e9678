import type { LinkSnapshot, PeerSnapshot, SessionSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
import { SOURCE_WORDS } from '@/src/ui/state/engine-words';
import { peerSearch, trackerFact, webSeedFact } from '@/src/ui/state/peer-search';
import { formatBytes, formatMilliseconds, formatRate, formatShare } from '@/src/ui/state/format';

const PATHS: Record<PeerSnapshot['path'], string> = {
  host: 'same network',
  srflx: 'direct',
  prflx: 'direct',
  relay: 'through a relay',
  memory: 'in memory',
  unknown: 'path unknown',
};

const SERVER_STATES: Record<SignalingSnapshot['state'], string> = {
  idle: 'Not in use',
  connecting: 'Connecting',
  connected: 'Connected',
  unreachable: 'Unreachable',
};

export function PeerTable({ session }: { readonly session: SessionSnapshot }) {
  const { signaling, trackers, webSeeds } = peerSearch(session);
  return (
    <div class="peers small">
      {session.peers.length === 0 ? <p class="soft">No peer yet.</p> : null}
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
            words={`${SERVER_STATES[server.state]}${server.reason === undefined ? '' : `: ${server.reason}`}`}
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
    peer.state === 'connecting' ? 'connecting' : PATHS[peer.path],
    ...(peer.rttMs === undefined ? [] : [`${formatMilliseconds(peer.rttMs)} away`]),
    `has ${formatShare(peer.availability, 1)}`,
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
        {peer.strikes === 0 ? null : <span class="strikes">{counted(peer.strikes, 'bad piece')}</span>}
        {peer.link === undefined || peer.link.failures === 0 ? null : <span>{counted(peer.link.failures, 'failed request')}</span>}
      </p>
    </li>
  );
}

/** What is out of the ordinary, or under way. */
function linkFacts(link: LinkSnapshot | undefined): readonly string[] {
  if (link === undefined) return [];
  return [
    ...(link.connections > 1 ? [`${link.connections} connections`] : []),
    ...(link.queuedRequests > 0 ? [`${counted(link.queuedRequests, 'request')} under way`] : []),
    ...(link.isChoking ? ['makes us wait'] : []),
    ...(link.isChoked ? ['we make it wait'] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
