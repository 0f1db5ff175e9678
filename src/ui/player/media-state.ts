import { batch, signal, type Signal } from '@preact/signals';

/** What the video element reports of itself; never what was asked of it. */
export function createMediaState() {
  const positionS = signal(0);
  /** 0 while the element does not know it. */
  const durationS = signal(0);
  const paused = signal(true);
  const volume = signal(1);
  /** The last one that could be heard. */
  const heardVolume = signal(1);
  const muted = signal(false);
  const speed = signal(1);
  const hasPicture = signal(false);
  /** It goes on. */
  const playing = signal(false);
  /** It waits in the midst of the film although it should play: what a viewer sees as a stall. Waits for a seek, or before it first played, are none. */
  const stalled = signal(false);

  return {
    positionS,
    durationS,
    paused,
    volume,
    heardVolume,
    muted,
    speed,
    hasPicture,
    playing,
    stalled,
    /** Follows this element from now on; the one before it is left. */
    follow(media: HTMLVideoElement, until: AbortSignal): void {
      const read = (): void => {
        batch(() => {
          positionS.value = media.currentTime;
          durationS.value = Number.isFinite(media.duration) ? media.duration : 0;
          paused.value = media.paused;
          volume.value = media.volume;
          if (media.volume > 0) heardVolume.value = media.volume;
          muted.value = media.muted;
          speed.value = media.playbackRate;
          hasPicture.value = media.videoWidth > 0;
        });
      };
      for (const event of ['timeupdate', 'seeking', 'durationchange', 'play', 'pause', 'volumechange', 'ratechange', 'resize', 'emptied']) {
        media.addEventListener(event, read, { signal: until });
      }
      read();
      for (const event of ['playing', 'waiting', 'pause', 'ended', 'emptied', 'error']) {
        media.addEventListener(event, () => (playing.value = event === 'playing'), { signal: until });
      }
      followStalls(media, stalled, until);
    },
  };
}

function followStalls(media: HTMLVideoElement, stalled: Signal<boolean>, until: AbortSignal): void {
  /** Since its beginning, or the last seek. */
  let hasPlayed = false;
  const on = (events: readonly string[], run: () => void): void => {
    for (const event of events) media.addEventListener(event, run, { signal: until });
  };
  on(['waiting'], () => (stalled.value = hasPlayed && !media.paused && !media.seeking));
  on(['playing'], () => {
    hasPlayed = true;
    stalled.value = false;
  });
  on(['seeking', 'emptied'], () => {
    hasPlayed = false;
    stalled.value = false;
  });
  on(['pause', 'ended', 'error'], () => (stalled.value = false));
  until.addEventListener('abort', () => (stalled.value = false), { once: true });
}
