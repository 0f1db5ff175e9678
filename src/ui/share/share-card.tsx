import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { CopyButton } from '@/src/ui/components/copy-button';
import { MessageCard } from '@/src/ui/components/message-card';
import { formatBytes, formatCount, formatNumber, formatRate } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { connectedPeers } from '@/src/ui/state/session-facts';
import type { ShareModel } from './share-model';
import { noticeWords } from '@/src/ui/state/notice-words';

export function ShareCard({ session, model }: { readonly session: SessionSnapshot; readonly model: ShareModel }) {
  const { share, files = [], state } = session;
  const totalBytes = files.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
  const peers = connectedPeers(session).length;
  const [rate, total] = [formatRate(session.rates.uploadBytesPerSecond), formatBytes(session.totals.uploadedBytes)];
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
        {share === undefined
          ? null
          : ` · ${i18n.t('share.pieces', share.pieceCount, { count: formatNumber(share.pieceCount), size: formatBytes(share.pieceLengthBytes) })}`}
      </p>
      {state.kind === 'failed' ? (
        <MessageCard tone="bad" title={i18n.t('share.notShared')} name="share-failed">
          <p>{noticeWords(state.advice)}</p>
        </MessageCard>
      ) : (
        <>
          <p class="magnet">
            <code>{session.magnet}</code>
          </p>
          <p>
            {peers === 0 ? i18n.t('share.nobodyConnected') : i18n.t('share.peersConnected', peers, { count: formatNumber(peers) })}{' '}
            {state.kind === 'paused' ? i18n.t('share.sendingPaused', { rate, total }) : i18n.t('share.sending', { rate, total })}
          </p>
        </>
      )}
      <div class="share-actions">
        {state.kind === 'failed' ? null : <CopyButton text={session.magnet} label={i18n.t('common.copyMagnet')} />}
        <Button icon="stop" onPress={() => model.stopSharing(session.id)}>
          {state.kind === 'failed' ? i18n.t('share.remove') : i18n.t('share.stopSharing')}
        </Button>
      </div>
    </li>
  );
}
