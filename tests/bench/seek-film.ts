/**
 * Runs inside a page: waits for a second of the film to be played, then goes to this share of it.
 * @returns the ms from there until both the element says that it is there and a picture of there is shown
 */
export async function seekFilm(share: number): Promise<number> {
  const video = document.querySelector('video');
  if (video === null) throw new Error('The page has no video.');
  while (video.currentTime < 1) await new Promise((resolve) => video.addEventListener('timeupdate', resolve, { once: true }));
  const failed = new Promise<never>((_resolve, reject) => {
    video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'The film does not play on.')));
  });
  const targetS = video.duration * share;
  const seeked = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
  const startedMs = performance.now();
  video.currentTime = targetS;
  // A frame from before may still be on its way.
  for (let shownS = 0; shownS < targetS - 1;) {
    const shown = new Promise<number>((resolve) => video.requestVideoFrameCallback((_now, { mediaTime }) => resolve(mediaTime)));
    shownS = await Promise.race([shown, failed]);
  }
  await Promise.race([seeked, failed]);
  return performance.now() - startedMs;
}
