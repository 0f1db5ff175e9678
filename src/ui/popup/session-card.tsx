import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { CopyButton } from '@/src/ui/components/copy-button';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { SaveStatistics } from '@/src/ui/components/save-statistics';
import { ProgressBar } from '@/src/ui/components/progress-bar';
import { formatBytes, formatRate } from '@/src/ui/state/format';
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
        {session.views === 0 && session.share === undefined ? ' · no player open' : ''}
      </p>
      <ProgressBar label={`Verified of ${session.name}`} part={verifiedBytes} whole={lengthBytes} />
      <p class="figures small">
        <span>{senderWords(session)}</span>
        <span>
          <span class="visually-hidden">download </span>
          <span aria-hidden="true">↓</span> {formatRate(session.rates.downloadBytesPerSecond)}
        </span>
        <span>
          <span class="visually-hidden">upload </span>
          <span aria-hidden="true">↑</span> {formatRate(session.rates.uploadBytesPerSecond)}
        </span>
        {lengthBytes === 0 ? null : (
          <span>
            {formatBytes(verifiedBytes)} of {formatBytes(lengthBytes)}
          </span>
        )}
      </p>
      <RateGraph samples={model.history.value.get(session.id) ?? []} />
      <SourceSplit session={session} />
      <div class="session-actions">
        <PauseButton session={session} model={model} />
        {session.share === undefined ? (
          <Button icon="external" onPress={() => model.openPlayer(session.magnet)}>
            Open player
          </Button>
        ) : null}
        <CopyButton text={session.magnet} label="Copy magnet" />
        <Button icon="stop" onPress={() => model.remove(session.id, false)}>
          Stop
        </Button>
        {session.share === undefined ? (
          <ConfirmButton
            icon="trash"
            label="Delete"
            question="Stop and delete what is stored of this film?"
            confirmLabel="Delete"
            onConfirm={() => model.remove(session.id, true)}
          />
        ) : null}
      </div>
      <SessionLimits session={session} model={model} />
      <details>
        <summary>Peers and servers</summary>
        <PeerTable session={session} />
        <div class="session-actions session-statistics">
          <SaveStatistics session={session} />
        </div>
      </details>
    </li>
  );
}

function PauseButton({ session, model }: { readonly session: SessionSnapshot; readonly model: PopupModel }) {
  switch (session.state.kind) {
    case 'paused':
      return (
        <Button icon="play" onPress={() => model.resume(session.id)}>
          Resume
        </Button>
      );
    case 'searching':
    case 'metadata':
    case 'active':
    case 'complete':
      return (
        <Button icon="pause" onPress={() => model.pause(session.id)}>
          Pause
        </Button>
      );
    case 'failed':
      return null;
  }
}
