import type { FileKind } from '@/src/protocol/engine-api';

export type MissingTrack = 'none' | 'picture' | 'sound' | 'both';

/** After this much playback a decoder that works has delivered something. */
export const MISSING_TRACK_AFTER_S = 1;

export interface DecodedTracks {
  readonly videoWidthPixels: number;
  /** Undefined where the browser does not count them. */
  readonly decodedAudioBytes: number | undefined;
}

/** Chromium plays what it can decode of a file and says nothing of the rest. */
export function missingTrack(kind: FileKind, decoded: DecodedTracks): MissingTrack {
  const picture = kind === 'video' && decoded.videoWidthPixels === 0;
  const sound = decoded.decodedAudioBytes === 0;
  if (picture && sound) return 'both';
  if (picture) return 'picture';
  return sound ? 'sound' : 'none';
}

/** Chromium's counter is not part of the DOM types. */
export function decodedAudioBytes(media: HTMLMediaElement): number | undefined {
  const count: unknown = Reflect.get(media, 'webkitAudioDecodedByteCount');
  return typeof count === 'number' ? count : undefined;
}
