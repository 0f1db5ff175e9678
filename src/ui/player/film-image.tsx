import type { SessionId, StreamedFile } from '@/src/protocol/engine-api';
import type { PlayerModel } from './player-model';

interface FilmImageProps {
  readonly model: PlayerModel;
  readonly sessionId: SessionId;
  readonly fileIndex: StreamedFile;
  /** Hostile text. */
  readonly name: string;
}

/** A picture of the torrent, where a film would be. */
export function FilmImage({ model, sessionId, fileIndex, name }: FilmImageProps) {
  return (
    <img
      class="film"
      src={`/stream/${sessionId}/${fileIndex}`}
      alt={name}
      onLoad={() => {
        model.showFirstFrame();
        model.dispatch({ kind: 'media-playing' });
      }}
      onError={() => model.dispatch({ kind: 'media-failed', cause: 'unsupported' })}
    />
  );
}
