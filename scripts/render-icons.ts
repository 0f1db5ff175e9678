import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '@/tests/support/launch-browser';

const SVG = new URL('../public/icon/icon.svg', import.meta.url);

/** In pixels: for tabs, fine toolbars and Windows, the list of extensions, that list on a fine screen, and the stores. */
export const ICON_SIZES = [16, 32, 48, 96, 128] as const;

/** Draws the icon in each size with the browser, and so as an address line or a store would. @returns the paths written */
export async function renderIcons(folder: string): Promise<readonly string[]> {
  const svg = await readFile(SVG, 'utf8');
  const launched = await launchBrowser({ extension: false });
  try {
    const page = await launched.browser.newPage();
    await page.setContent(`<style>body { margin: 0 } svg { display: block; inline-size: 100vw; block-size: 100vh }</style>${svg}`);
    const paths: string[] = [];
    for (const size of ICON_SIZES) {
      const path = join(folder, `${size}.png`);
      await page.setViewport({ width: size, height: size });
      await page.screenshot({ path, omitBackground: true });
      paths.push(path);
    }
    return paths;
  } finally {
    await launched.close();
  }
}
