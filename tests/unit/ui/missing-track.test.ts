import { describe, expect, it } from 'vitest';
import { missingTrack } from '@/src/ui/state/missing-track';

describe('a track the browser cannot decode', () => {
  it('is the picture when a video file shows none', () => {
    expect(missingTrack('video', { videoWidthPixels: 0, decodedAudioBytes: 4096 })).toBe('picture');
  });

  it('is not missed in a sound file', () => {
    expect(missingTrack('audio', { videoWidthPixels: 0, decodedAudioBytes: 4096 })).toBe('none');
  });

  it('is the sound when none was decoded', () => {
    expect(missingTrack('video', { videoWidthPixels: 640, decodedAudioBytes: 0 })).toBe('sound');
  });

  it('may be both', () => {
    expect(missingTrack('video', { videoWidthPixels: 0, decodedAudioBytes: 0 })).toBe('both');
  });

  it('is not claimed where the browser does not count', () => {
    expect(missingTrack('video', { videoWidthPixels: 640, decodedAudioBytes: undefined })).toBe('none');
  });
});
