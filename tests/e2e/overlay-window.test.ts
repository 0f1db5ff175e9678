import { expect, test } from 'vitest';
import { openFilm } from '@/tests/support/open-film';
import { OverlayProbe } from '@/tests/support/overlay-probe';
import { playerTab, untilPlaying } from '@/tests/support/stage';

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

test('a film goes on in a tab of its own, where it was, once the viewer would rather have it there', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  await untilPlaying(frame, 0.2);
  await frame.$eval('video', (video) => {
    video.currentTime = 20;
  });
  await untilPlaying(frame, 0.5);
  await probe.focusIn('.tab');
  expect(await probe.labelOf('.tab')).toBe('Play in a tab');
  const tab = await playerTab(launched, () => page.keyboard.press('Enter'));
  await probe.untilClosed();
  expect((await untilPlaying(tab.mainFrame(), 0.2)).currentTime).toBeGreaterThan(19);
});
