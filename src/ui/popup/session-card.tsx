import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { CopyButton } from '@/src/ui/components/copy-button';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { SaveStatistics } from '@/src/ui/components/save-statistics';
import { ProgressBar } from '@/src/ui/components/progress-bar';
import { formatBytes, formatPosition, formatRate } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { chosenBytes, senderWords } from '@/src/ui/state/session-facts';
import { sessionWords } from '@/src/ui/state/session-words';
import { PeerTable } from './peer-table';
import type { PopupModel } from './popup-model';
import { RateGraph } from './rate-graph';
import { SessionLimits } from './session-limits';
import { SourceSplit } from './source-split';

export function SessionCard({ session, model }: { readonly session: SessionSnapshot; readonly model: PopupModel }) {
  const { verifiedBytes, lengthBytes } = chosenBytes(session);
  return (
    <li
      class="session"
      data-session-id={session.id}
      data-session-state={session.state.kind}
      data-downloaded-bytes={session.totals.downloadedBytes}
      data-uploaded-bytes={session.totals.uploadedBytes}
      data-verified-bytes={verifiedBytes}
      data-length-bytes={lengthBytes}
    >
      <h2>
        <bdi>{session.name}</bdi>
      </h2>
      <p class="small">
        {sessionWords(session)}
        {session.views === 0 && session.share === undefined ? ` · ${i18n.t('popup.noPlayerOpen')}` : ''}
      </p>
      <ProgressBar label={i18n.t('popup.verifiedOf', { name: session.name })} part={verifiedBytes} whole={lengthBytes} />
      <p class="figures small">
        <span>{senderWords(session)}</span>
        <span>
          <span class="visually-hidden">{i18n.t('popup.download')} </span>
          <span aria-hidden="true">↓</span> {formatRate(session.rates.downloadBytesPerSecond)}
        </span>
        <span>
          <span class="visually-hidden">{i18n.t('popup.upload')} </span>
          <span aria-hidden="true">↑</span> {formatRate(session.rates.uploadBytesPerSecond)}
        </span>
        {lengthBytes === 0 ? null : (
          <span>{i18n.t('common.partOfWhole', { part: formatBytes(verifiedBytes), whole: formatBytes(lengthBytes) })}</span>
        )}
        {session.bufferedS === undefined ? null : (
          <span data-buffered-s={session.bufferedS}>{i18n.t('popup.buffered', { time: formatPosition(session.bufferedS) })}</span>
        )}
      </p>
      <RateGraph samples={model.history.value.get(session.id) ?? []} />
      <SourceSplit session={session} />
      <SessionButtons session={session} model={model} />
      <SessionLimits session={session} model={model} />
      <details class="disclosure">
        <summary>{i18n.t('popup.peersAndServers')}</summary>
        <PeerTable session={session} />
        <div class="session-actions session-statistics">
          <SaveStatistics session={session} />
        </div>
      </details>
    </li>
  );
}

/** Files of the viewer's own are neither played nor deleted here: what is left of the buttons is one row. */
function SessionButtons({ session, model }: { readonly session: SessionSnapshot; readonly model: PopupModel }) {
  const isShared = session.share !== undefined;
  const copy = <CopyButton text={session.magnet} label={i18n.t('popup.copyMagnet')} />;
  return (
    <div class="session-rows">
      {isShared ? null : (
        <div class="session-actions">
          <Button icon="external" onPress={() => model.openPlayer(session.magnet)}>
            {i18n.t('popup.openPlayer')}
          </Button>
          {copy}
        </div>
      )}
      <div class="session-actions">
        {isShared ? copy : null}
        <PauseButton session={session} model={model} />
        <Button icon="stop" onPress={() => model.remove(session.id, false)}>
          {i18n.t('popup.stop')}
        </Button>
        {isShared ? null : (
          <ConfirmButton
            icon="trash"
            label={i18n.t('stored.delete')}
            question={i18n.t('stored.stopQuestion')}
            confirmLabel={i18n.t('stored.delete')}
            onConfirm={() => model.remove(session.id, true)}
          />
        )}
      </div>
    </div>
  );
}

function PauseButton({ session, model }: { readonly session: SessionSnapshot; readonly model: PopupModel }) {
  switch (session.state.kind) {
    case 'paused':
      return (
        <Button icon="play" onPress={() => model.resume(session.id)}>
          {i18n.t('popup.resume')}
        </Button>
      );
    case 'searching':
    case 'metadata':
    case 'active':
    case 'complete':
      return (
        <Button icon="pause" onPress={() => model.pause(session.id)}>
          {i18n.t('popup.pause')}
        </Button>
      );
    case 'failed':
      return null;
  }
}
