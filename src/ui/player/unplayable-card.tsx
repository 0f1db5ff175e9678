import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import type { MediaFailure } from '@/src/ui/state/view-state';
import { MagnetActions } from './magnet-actions';

interface UnplayableCardProps {
  readonly cause: MediaFailure;
  readonly magnet: string;
  readonly severalFiles: boolean;
  readonly onRetry: () => void;
  readonly onOpenFiles: () => void;
}

export function UnplayableCard(props: UnplayableCardProps) {
  const actions = (
    <>
      <Button icon="retry" onPress={props.onRetry}>
        Try again
      </Button>
      {props.severalFiles ? (
        <Button icon="files" onPress={props.onOpenFiles}>
          Choose another file
        </Button>
      ) : null}
      <MagnetActions magnet={props.magnet} />
    </>
  );
  if (props.cause === 'interrupted') {
    return (
      <MessageCard name="interrupted" tone="warn" title="The film was interrupted" actions={actions}>
        <p>The browser stopped reading it. Trying again goes on from the same place.</p>
      </MessageCard>
    );
  }
  return (
    <MessageCard name="unplayable" tone="warn" title="This browser cannot play this file" actions={actions}>
      <ul>
        <li>
          <strong>Plays:</strong> MP4, MOV, MKV and WebM with H.264, VP8, VP9 or AV1; sound in AAC, MP3, Opus, Vorbis or FLAC.
        </li>
        <li>
          <strong>Does not:</strong> AVI, WMV, FLV, MPEG-TS; HEVC and AC-3 only on some computers.
        </li>
      </ul>
      <p>A torrent app can fetch the file for a player that knows its format.</p>
    </MessageCard>
  );
}
