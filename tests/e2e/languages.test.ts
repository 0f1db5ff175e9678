import type { ElementHandle, Frame, Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import english from '@/locales/en.json';
import spanish from '@/locales/es.json';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { serveFilm } from '@/tests/support/open-film';
import { shownTexts } from '@/tests/support/shown-texts';
import { agree, clickLink, openBrowser, serveLinkPage, untilPlaying, untilText } from '@/tests/support/stage';

/** Texts of English that Spanish has another one for, as they stand in a page. */
const ENGLISH_ONLY = new Set(leavesOf(english).filter((text) => !leavesOf(spanish).includes(text)));

/** The same of those with places in them, as they stand there when these are filled; without those that are next to nothing but places. */
const ENGLISH_FILLED = leavesOf(english)
  .filter((text) => text.includes('{') && text.replaceAll(/\{\w+\}/g, '').length > 12)
  .map((text) => new RegExp(`^${text.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '.+')}$`));

/** Places that were not filled, markup, and keys in place of what they name. */
const BROKEN = new RegExp(`\\{\\w+\\}|\\*\\*|\\?\\?|undefined|^(?:${Object.keys(english).join('|')})[._]`);

function leavesOf(texts: object): string[] {
  return Object.values(texts).flatMap((text: unknown) =>
    typeof text === 'string' ? [text] : typeof text === 'object' && text !== null ? leavesOf(text) : [],
  );
}

/** What must not be seen on a page in Spanish: English, keys, empty places. */
async function leftovers(screen: Page | Frame): Promise<string[]> {
  const texts = await shownTexts(screen);
  expect(texts.length).toBeGreaterThan(3);
  return texts.filter((text) => ENGLISH_ONLY.has(text) || BROKEN.test(text) || ENGLISH_FILLED.some((filled) => filled.test(text)));
}

async function open({ browser, extensionId }: LaunchedBrowser, name: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${extensionId}/${name}.html`);
  await page.waitForSelector('h1');
  return page;
}

/** How many rows a film's buttons stand in. */
function buttonRows(popup: Page): Promise<number> {
  return popup.$$eval('.session-rows .button', (buttons) => new Set(buttons.map((button) => button.getBoundingClientRect().top)).size);
}

const languageOf = (screen: Page | Frame): Promise<string> => screen.evaluate(() => document.documentElement.lang);

test('in a browser that speaks Spanish the pages do, before and after the viewer agrees', async () => {
  const launched = await launchBrowser({ language: 'es' });
  onTestFinished(() => launched.close());
  const pages = [
    ['welcome', 'Aceptar y empezar'],
    ['popup', 'Leer y decidir'],
    ['options', 'Servidores de señalización'],
    ['share', 'Acepta primero'],
  ] as const;
  for (const [name, words] of pages) {
    const page = await open(launched, name);
    await page.waitForSelector(`::-p-text(${words})`);
    expect([name, await languageOf(page), await leftovers(page)]).toEqual([name, 'es', []]);
    await page.close();
  }
  const options = await open(launched, 'options');
  const unread = { version: 1, names: ['theme', 'limits'], stored: {} };
  await options.evaluate((settingsSetAside) => chrome.storage.local.set({ settingsSetAside }), unread);
  expect(await untilText(options, '.unread-note', /Aspecto y Límites/)).toContain('Algunos ajustes guardados no se han podido leer');
  expect(await leftovers(options)).toEqual([]);
  const input = (await options.waitForSelector('#import-settings')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile('README.md');
  expect(await untilText(options, '[data-import="refused"]', /README/)).toContain('Este archivo no es JSON.');
  await options.locator('#trackers .add-server input').fill(`wss://a.example/${'a'.repeat(2000)}`);
  await options.locator('#trackers .add-server button').click();
  expect(await untilText(options, '#trackers .add-server .field-error', /\S/)).toBe('Una dirección tiene como mucho 2000 caracteres');
  // Its words are longer, in the narrowest window as well.
  await options.setViewport({ width: 320, height: 640 });
  expect(await options.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const welcome = await open(launched, 'welcome');
  await welcome.locator('#accept').click();
  await welcome.waitForSelector('::-p-text(Todo listo)');
  expect(await leftovers(welcome)).toEqual([]);
  expect(await welcome.title()).toBe('Te damos la bienvenida a Lodestream');
});

test('so do the player over a page, its panels, and the popup of its film', async () => {
  const { signaling, site } = await serveFilm('faststart.mp4');
  const launched = await openBrowser([signaling.url], { language: 'es' });
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);

  const frame = await clickLink(page, launched.extensionId);
  const element = await frame.frameElement();
  expect(await element?.evaluate(({ title }) => title)).toBe('Reproductor de Lodestream');
  await untilPlaying(frame);
  await untilText(frame, '.state-line output', /^Reproduciendo$/);
  for (const panel of ['Motor', 'Archivos', 'Subtítulos', 'Tiempos de arranque', 'Teclas']) {
    await frame.locator(`footer button[aria-label^="${panel}"]`).click();
    expect([panel, await leftovers(frame)]).toEqual([panel, []]);
    if (panel !== 'Teclas') await frame.locator(`footer button[aria-label^="${panel}"]`).click();
  }
  expect(await languageOf(frame)).toBe('es');
  await page.setViewport({ width: 320, height: 640 });
  await frame.waitForFunction(() => innerWidth <= 320);
  expect(await frame.$$eval('.bar, .stage', (parts) => parts.map((part) => part.getBoundingClientRect().right <= innerWidth))).toEqual([
    true,
    true,
  ]);

  const popup = await open(launched, 'popup');
  await popup.locator('summary::-p-text(Pares y servidores)').click();
  expect(await untilText(popup, '.figures', /1 par/)).toMatch(/\d+(?:,\d)? [kM]B de \d+(?:,\d)? [kM]B/);
  expect(await leftovers(popup)).toEqual([]);
  // Spanish has the longest words.
  for (const width of [384, 320]) {
    await popup.setViewport({ width, height: 600 });
    expect([width, await buttonRows(popup), await popup.evaluate(() => document.documentElement.scrollWidth)]).toEqual([width, 2, width]);
  }
});

test('so does whatever the engine, a server or a link is to blame for', async () => {
  const nobody = 'http://127.0.0.1:9';
  const launched = await openBrowser([nobody], { language: 'es' });
  onTestFinished(() => launched.close());
  const options = await open(launched, 'options');
  await options.locator('#signaling-servers .server-test button').click();
  const silence = 'En 127.0.0.1:9 no responde ningún servidor de señalización.';
  expect(await untilText(options, '#signaling-servers [data-test="fails"]', /\S/)).toContain(silence);
  expect(await leftovers(options)).toEqual([]);

  const popup = await open(launched, 'popup');
  await popup.locator('.open-film input').fill('magnet:?xt=urn:btih:zz');
  await popup.locator('.open-film button').click();
  expect(await untilText(popup, '.open-film .field-error:not(:empty)', /\S/)).toContain('El info hash de este enlace magnet está dañado.');
  expect(await leftovers(popup)).toEqual([]);

  const site = await serveLinkPage(`magnet:?xt=urn:btih:${'a'.repeat(40)}&dn=Nada`);
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  const frame = await clickLink(page, launched.extensionId);
  expect(await untilText(frame, 'main', /no responde ningún/)).toContain(silence);
  expect(await leftovers(frame)).toEqual([]);

  await popup.bringToFront();
  await popup.locator('summary::-p-text(Pares y servidores)').click();
  expect(await untilText(popup, '.peers', /no responde ningún/)).toContain(silence);
  expect(await leftovers(popup)).toEqual([]);
});

test('in a language that has no texts they are English, and so are the dates', async () => {
  const launched = await launchBrowser({ language: 'fr' });
  onTestFinished(() => launched.close());
  await agree(launched);
  const page = await open(launched, 'options');
  await page.waitForSelector('::-p-text(Signaling servers)');
  expect(await languageOf(page)).toBe('en');
  expect(await page.$eval('.consent time', ({ textContent }) => textContent)).toMatch(/^[A-Z][a-z]+ \d+, \d{4}$/);
});
