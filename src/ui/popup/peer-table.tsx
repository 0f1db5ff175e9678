import type { PeerSnapshot, SessionSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
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
  idle: 'not in use',
  connecting: 'connecting',
  connected: 'connected',
  unreachable: 'unreachable',
};

export function PeerTable({ session }: { readonly session: SessionSnapshot }) {
  return (
    <div class="peers small">
      {session.peers.length === 0 ? <p class="soft">No peer yet.</p> : null}
      <ul>
        {session.peers.map((peer) => (
          <PeerRow key={peer.id} peer={peer} />
        ))}
      </ul>
      <ul>
        {session.signaling.map((server) => (
          <li key={server.url} class="server">
            <code>{server.url}</code> {SERVER_STATES[server.state]}
            {server.reason === undefined ? '' : `: ${server.reason}`}
          </li>
        ))}
      </ul>
    </div>
  );
}

function PeerRow({ peer }: { readonly peer: PeerSnapshot }) {
  const facts = [
    peer.state === 'connecting' ? 'connecting' : PATHS[peer.path],
    ...(peer.rttMs === undefined ? [] : [`${formatMilliseconds(peer.rttMs)} away`]),
    `has ${formatShare(peer.availability, 1)}`,
  ];
  return (
    <li
      data-peer-id={peer.id}
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
        {peer.strikes === 0 ? null : <span class="strikes">{peer.strikes} bad pieces</span>}
      </p>
    </li>
  );
}
