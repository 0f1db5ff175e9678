import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXTENSION_DIR } from '@/scripts/build-extension';
import { ICON_SIZES, renderIcons } from '@/scripts/render-icons';
import { launchBrowser } from '@/tests/support/launch-browser';

/** Of 255. Browsers of different versions smooth an edge differently. */
const MAX_MEAN_DIFFERENCE = 3;

async function dataUrl(path: string): Promise<string> {
  return `data:image/png;base64,${await readFile(path, 'base64')}`;
}

test('the manifest names an icon in each size, and each is what make-icons draws from the SVG', async () => {
  const { icons } = JSON.parse(await readFile(join(EXTENSION_DIR, 'manifest.json'), 'utf8')) as { icons: Record<string, string> };
  expect(icons).toEqual(Object.fromEntries(ICON_SIZES.map((size) => [String(size), `icon/${size}.png`])));

  const folder = await mkdtemp(join(tmpdir(), 'lodestream-icons-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const drawn = await renderIcons(folder);
  expect(drawn.map((path) => basename(path))).toEqual(ICON_SIZES.map((size) => `${size}.png`));
  const launched = await launchBrowser({ extension: false });
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  for (const [index, size] of ICON_SIZES.entries()) {
    const urls = await Promise.all([join(EXTENSION_DIR, `icon/${size}.png`), drawn[index] ?? ''].map(dataUrl));
    const { sizes, meanDifference } = await page.evaluate(async (sources) => {
      const bitmaps = await Promise.all(sources.map(async (source) => createImageBitmap(await (await fetch(source)).blob())));
      const [own = [], other = []] = bitmaps.map((bitmap) => {
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context?.drawImage(bitmap, 0, 0);
        return Array.from(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? []);
      });
      const total = own.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0);
      return { sizes: bitmaps.map(({ width, height }) => [width, height]), meanDifference: total / own.length };
    }, urls);
    expect(sizes).toEqual([
      [size, size],
      [size, size],
    ]);
    expect(meanDifference, `${size} px`).toBeLessThan(MAX_MEAN_DIFFERENCE);
  }
});
