import { useEffect, useRef } from 'preact/hooks';
import type { FileKind, SessionId, StreamedFile } from '@/src/protocol/engine-api';
import { decodedAudioBytes, MISSING_TRACK_AFTER_S, missingTrack } from '@/src/ui/state/missing-track';
import type { MediaFailure } from '@/src/ui/state/view-state';
import { keepVolume } from './keep-volume';
import type { PlayerModel } from './player-model';
import { showCues } from './show-cues';
import type { Subtitles } from './subtitles';

interface FilmVideoProps {
  readonly model: PlayerModel;
  readonly subtitles: Subtitles;
  readonly sessionId: SessionId;
  readonly fileIndex: StreamedFile;
  readonly fileKind: FileKind;
  /** `settled`: it stands there, and will not be told of soon again. */
  readonly onPosition: (positionS: number, durationS: number, settled: boolean) => void;
  readonly onPress: () => void;
  readonly onDoublePress: () => void;
}

/** The browser's video element over the engine's stream. It reports; the view state follows what really happened. */
export function FilmVideo({ model, subtitles, sessionId, fileIndex, fileKind, onPosition, onPress, onDoublePress }: FilmVideoProps) {
  const element = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const media = element.current;
    if (media === null) return;
    const gone = new AbortController();
    model.media.follow(media, gone.signal);
    void keepVolume(media, gone.signal);
    media.requestVideoFrameCallback(() => model.showFirstFrame());
    // The attribute alone starts the film too, but never says that it was refused.
    media.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      // From the viewer's first key or click on, whatever it is for, the attribute would start the film by itself.
      media.autoplay = false;
      model.dispatch({ kind: 'autoplay-refused' });
    });
    return () => gone.abort();
  }, [model]);

  useEffect(() => {
    // It may have begun before its kind was known.
    if (fileKind === 'audio' && model.media.playing.peek()) model.showFirstFrame();
  }, [model, fileKind]);

  useEffect(() => {
    const mounted = new AbortController();
    if (element.current !== null) showCues(element.current, subtitles, mounted.signal);
    return () => mounted.abort();
  }, [subtitles]);

  return (
    <video
      ref={element}
      class="film"
      data-subtitle-size={subtitles.settings.value.size}
      data-subtitle-background={subtitles.settings.value.background ? '' : undefined}
      src={`/stream/${sessionId}/${fileIndex}`}
      autoplay
      playsInline
      onClick={onPress}
      onDblClick={onDoublePress}
      onLoadedMetadata={(event) => {
        if (model.resumeAtS.value > 0) event.currentTarget.currentTime = model.resumeAtS.value;
      }}
      onPlaying={() => {
        if (fileKind === 'audio') model.showFirstFrame();
        model.dispatch({ kind: 'media-playing' });
      }}
      onPause={(event) => {
        // One that gave way to another file reports once more.
        if (!event.currentTarget.isConnected) return;
        onPosition(event.currentTarget.currentTime, event.currentTarget.duration, true);
        if (!event.currentTarget.ended) model.dispatch({ kind: 'media-paused' });
      }}
      onWaiting={(event) => {
        if (!event.currentTarget.paused) model.dispatch({ kind: 'media-waiting' });
      }}
      onEnded={() => model.dispatch({ kind: 'media-ended' })}
      onTimeUpdate={(event) => {
        const media = event.currentTarget;
        if (!media.isConnected) return;
        if (media.error === null) model.showPosition(media.currentTime);
        onPosition(media.currentTime, media.duration, false);
        if (playedSeconds(media.played) < MISSING_TRACK_AFTER_S) return;
        model.showMissing(missingTrack(fileKind, { videoWidthPixels: media.videoWidth, decodedAudioBytes: decodedAudioBytes(media) }));
      }}
      onError={(event) => model.dispatch({ kind: 'media-failed', cause: failureOf(event.currentTarget.error) })}
    />
  );
}

function playedSeconds(ranges: TimeRanges): number {
  let seconds = 0;
  for (let index = 0; index < ranges.length; index++) seconds += ranges.end(index) - ranges.start(index);
  return seconds;
}

function failureOf(error: MediaError | null): MediaFailure {
  return error?.code === MediaError.MEDIA_ERR_NETWORK ? 'interrupted' : 'unsupported';
}
