import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { CopyButton } from '@/src/ui/components/copy-button';
import { MessageCard } from '@/src/ui/components/message-card';
import { formatBytes, formatCount, formatRate } from '@/src/ui/state/format';
import { connectedPeers } from '@/src/ui/state/session-facts';
import type { ShareModel } from './share-model';

export function ShareCard({ session, model }: { readonly session: SessionSnapshot; readonly model: ShareModel }) {
  const { share, files = [], state } = session;
  const totalBytes = files.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
  const peers = connectedPeers(session).length;
  return (
    <li
      class="panel"
      data-share={session.id}
      data-share-state={state.kind}
      data-peers={peers}
      data-uploaded-bytes={session.totals.uploadedBytes}
    >
      <h3>
        <bdi>{session.name}</bdi>
      </h3>
      <p class="soft">
        {formatCount(files.length, 'file')} · {formatBytes(totalBytes)}
        {share === undefined ? null : ` · ${formatCount(share.pieceCount, 'piece')} of ${formatBytes(share.pieceLengthBytes)}`}
      </p>
      {state.kind === 'failed' ? (
        <MessageCard tone="bad" title="Not shared any more" name="share-failed">
          <p>{state.advice}</p>
        </MessageCard>
      ) : (
        <>
          <p class="magnet">
            <code>{session.magnet}</code>
          </p>
          <p>
            {peers === 0 ? 'Nobody is connected.' : `${formatCount(peers, 'peer')} connected.`} Sending{' '}
            {formatRate(session.rates.uploadBytesPerSecond)}, {formatBytes(session.totals.uploadedBytes)} so far
            {state.kind === 'paused' ? '; paused in the popup' : ''}.
          </p>
        </>
      )}
      <div class="share-actions">
        {state.kind === 'failed' ? null : <CopyButton text={session.magnet} label="Copy magnet" />}
        <Button icon="stop" onPress={() => model.stopSharing(session.id)}>
          {state.kind === 'failed' ? 'Remove' : 'Stop sharing'}
        </Button>
      </div>
    </li>
  );
}
