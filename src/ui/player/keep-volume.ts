import { loadPlayback, savePlayback } from '@/src/settings/playback-store';

/** Sliders report each step of the way. */
const SETTLES_MS = 500;

/** The film is as loud as the last one was; what the viewer changes is kept for the next. */
export async function keepVolume(media: HTMLVideoElement, until: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOwn = true;
  until.addEventListener('abort', () => clearTimeout(timer), { once: true });
  media.addEventListener(
    'volumechange',
    () => {
      isOwn = false;
      clearTimeout(timer);
      timer = setTimeout(() => void savePlayback({ volume: media.volume, muted: media.muted }).catch(() => undefined), SETTLES_MS);
    },
    { signal: until },
  );
  const { volume, muted } = await loadPlayback();
  // Whoever was quicker than the storage meant it.
  if (until.aborted || !isOwn) return;
  media.volume = volume;
  media.muted = muted;
}
