import { expect, test } from 'vitest';
import { openFilm } from '@/tests/support/open-film';
import { OverlayProbe } from '@/tests/support/overlay-probe';
import { untilPlaying } from '@/tests/support/stage';

test('a film plays on while its overlay is moved, resized, shrunk and enlarged', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  let { currentTime } = await untilPlaying(frame, 0.2);
  for (const change of [
    () => probe.drag('header', -60, 40),
    () => probe.drag('.se', -300, -200),
    () => probe.click('.mini'),
    () => probe.click('.fill'),
    () => probe.click('.fill'),
  ]) {
    await change();
    const later = await untilPlaying(frame, 0.2);
    expect(later.currentTime).toBeGreaterThan(currentTime);
    ({ currentTime } = later);
    // In the smallest player, too, nothing of it is beyond its edge.
    expect(await frame.evaluate('document.querySelector(".bar").getBoundingClientRect().right <= innerWidth')).toBe(true);
  }
  expect(await frame.evaluate(`document.querySelector('video').paused`)).toBe(false);
});
