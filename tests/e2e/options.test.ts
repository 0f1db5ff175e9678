import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Page } from 'puppeteer';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { MAX_SETTINGS_FILE_BYTES } from '@/src/settings/settings-file';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { openBrowser, untilText } from '@/tests/support/stage';

/** The options page as a whole: its settings as a file, back to the defaults, and found by their words. */

const SIGNALING = 'https://private.example.org';
const TURN = 'turn:turn.example.org:3478';

let folder: string;
let launched: LaunchedBrowser;
let options: Page;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lodestream-options-'));
  launched = await openBrowser(
    [],
    {},
    {
      signalingServers: [{ url: SIGNALING, enabled: true, token: 'secret token' }],
      iceServers: [{ urls: TURN, username: 'viewer', credential: 'secret password', enabled: true }],
      relayOnly: true,
    },
  );
  options = await launched.browser.newPage();
  await options.goto(`chrome-extension://${launched.extensionId}/options.html`);
  await options.waitForSelector('#export-settings');
});

afterEach(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

/** What is saved when this button is pressed, as a file of such a name. */
async function savedText(button: string, nameOfFile: RegExp): Promise<string> {
  const session = await launched.browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
  const saved = new Promise<string>((resolve) => {
    session.on('Browser.downloadProgress', ({ state }) => {
      if (state !== 'inProgress') resolve(state);
    });
  });
  await options.locator(button).click();
  expect(await saved).toBe('completed');
  const [name = ''] = await readdir(folder);
  expect(name).toMatch(nameOfFile);
  const text = await readFile(join(folder, name), 'utf8');
  await rm(join(folder, name));
  return text;
}

function exportedText(): Promise<string> {
  return savedText('#export-settings', /^lodestream-settings-\d{4}-\d\d-\d\d\.json$/);
}

async function importText(text: string, name = 'settings.json'): Promise<void> {
  await writeFile(join(folder, name), text);
  const [chooser] = await Promise.all([options.waitForFileChooser(), options.locator('button ::-p-text(Import settings)').click()]);
  await chooser.accept([join(folder, name)]);
}

async function storedSettings(): Promise<Record<string, unknown>> {
  return options.evaluate(async () => {
    const { settings } = await chrome.storage.local.get<{ settings: Record<string, unknown> }>('settings');
    return settings;
  });
}

test('settings are stored with their version', async () => {
  await options.locator('#relay-only').click();
  await untilText(options, '.saved', /Saved/);
  expect(await options.evaluate(() => chrome.storage.local.get('settings$'))).toEqual({ settings$: { v: 1 } });
});

test('settings that were exported come back with the file, but for secrets, which stay those of the same address', async () => {
  const before = await storedSettings();
  const text = await exportedText();
  for (const secret of ['secret', 'viewer', 'consent']) expect(text).not.toContain(secret);
  await options.locator('#include-secrets').click();
  expect(await exportedText()).toMatch(/"secret token"[\s\S]*"secret password"/);

  await options.locator('#relay-only').click();
  await options.locator('#trackers .add-server input').fill('wss://tracker.example.org');
  await options.locator('#trackers .add-server button').click();
  await options.waitForSelector('[data-server="wss://tracker.example.org"]');
  await importText(text);
  const outcome = await untilText(options, '#import-outcome', /different now/);
  expect(outcome).toContain('WebTorrent trackers: 1 removed');
  expect(outcome).toContain('Relay only: on');
  await options.waitForSelector('[data-server="wss://tracker.example.org"]', { hidden: true });
  expect(await storedSettings()).toEqual(before);

  await importText(text);
  expect(await untilText(options, '#import-outcome', /as it was/)).toContain('settings.json');
});

test('a file that is none of Lodestream’s settings is refused in words, and what it says is text', async () => {
  const before = await storedSettings();
  const hostileName = '<img src=x onerror=alert(1)>.json';
  await importText('<html>', hostileName);
  expect(await untilText(options, '[data-import="refused"]', /not JSON/)).toContain(hostileName);
  await importText(' '.repeat(MAX_SETTINGS_FILE_BYTES + 1));
  expect(await untilText(options, '[data-import="refused"]', /larger/)).toContain('256 KiB');
  await importText(JSON.stringify({ app: 'lodestream', version: 1, settings: { trackers: [{ url: 'udp://<b>', enabled: true }] } }));
  expect(await untilText(options, '[data-import="refused"]', /trackers/)).toContain('“trackers, entry 1, url” in this file is not valid.');
  expect(await storedSettings()).toEqual(before);
  expect(await options.$('main :is(img, b)')).toBeNull();
});

test('a TURN server imported without its password is off until both parts of it are entered', async () => {
  const address = 'turn:other.example.org:3478';
  await importText(JSON.stringify({ app: 'lodestream', version: 1, settings: { iceServers: [{ urls: address, enabled: true }] } }));
  expect(await untilText(options, '#import-outcome', /Switched off/)).toContain(address);
  const row = `[data-server="${address}"]`;
  await options.waitForSelector(`${row} .switch input:disabled`);
  for (const [index, text] of ['somebody', 'secret'].entries()) {
    const field = `${row} .credentials .field:nth-child(${index + 1}) input`;
    await options.locator(field).fill(text);
    await options.keyboard.press('Enter');
    // What is typed gives way to what is stored, and that is an empty text until it is.
    await options.waitForFunction((query, typed) => document.querySelector<HTMLInputElement>(query)?.value === typed, {}, field, text);
  }
  await options.locator(`${row} .switch input:enabled`).click();
  await options.waitForSelector(`${row} .server-test`);
  expect(await storedSettings()).toMatchObject({
    iceServers: [{ urls: address, username: 'somebody', credential: 'secret', enabled: true }],
  });
});

test('a server whose address is changed stays the row it was: Tab goes on in it, and it moves and goes as others do', async () => {
  const changed = 'https://changed.example.org';
  const rows = (): Promise<readonly (string | null)[]> =>
    options.$$eval('#signaling-servers [data-server]', (found) => found.map((row) => row.getAttribute('data-server')));
  const field = `[data-server="${SIGNALING}"] input[type="text"]`;
  await options.focus(field);
  await options.$eval(field, (input) => input.select());
  await options.keyboard.type(changed);
  await options.keyboard.press('Tab');
  await options.waitForSelector(`[data-server="${changed}"] input[type="password"]:focus`);

  await options.locator('#signaling-servers .add-server input').fill('https://second.example.org');
  await options.keyboard.press('Enter');
  await options.waitForSelector('[data-server="https://second.example.org"]');
  // A press that leaves the field, and with it changes the row, reaches the button that it was meant for.
  const second = '[data-server="https://second.example.org"]';
  await options.locator(`${second} input[type="text"]`).fill('https://third.example.org');
  await (await options.$(`${second} button[aria-label^="Move"]:enabled`))?.hover();
  await options.mouse.down();
  await options.waitForSelector('[data-server="https://third.example.org"]');
  await options.mouse.up();
  await expect.poll(rows).toEqual(['https://third.example.org', changed]);
  await options.locator(`[data-server="${changed}"] button[aria-label^="Remove"]`).click();
  await expect.poll(rows).toEqual(['https://third.example.org']);
});

/** Puts something else in the place of the stored settings, and opens the page anew. */
async function storeInstead(change: Readonly<Record<string, unknown>>, version?: number): Promise<unknown> {
  const stored = { ...(await storedSettings()), ...change };
  await options.evaluate((settings, meta) => chrome.storage.local.set({ settings, settings$: meta }), stored, { v: version });
  await options.reload();
  return stored;
}

test('what a test finds out is not said of another token', async () => {
  const slow = Promise.withResolvers<Duplex>();
  const server = createServer().on('upgrade', ({ url }, socket: Duplex) => {
    if (url === '/slow/ws') slow.resolve(socket);
    else socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const [first, other] = ['slow', 'other'].map((path) => `ws://127.0.0.1:${port}/${path}/ws`);
  const servers = [first, other].map((url) => ({ url, enabled: true, token: 'old token' }));
  await storeInstead({ signalingServers: servers }, 1);
  const row = `[data-server="${first}"]`;
  await options.locator(`${row} .server-test button`).click();
  await options.waitForSelector(`${row} [data-test="running"]`);
  const socket = await slow.promise;
  await options.locator(`${row} input[type="password"]`).fill('new token');
  await options.keyboard.press('Enter');
  await options.waitForSelector(`${row} [data-test="none"]`);
  socket.destroy();
  // The other is asked later and answers later.
  await options.locator(`[data-server="${other}"] .server-test button`).click();
  await options.waitForSelector(`[data-server="${other}"] [data-test="fails"]`);
  expect(await options.$(`${row} [data-test="none"]`)).not.toBeNull();
});

test('settings that cannot be read are named, and kept until the viewer lets go of them', async () => {
  const stored = await storeInstead({ theme: 'sepia', relayOnly: 'perhaps', limits: { peers: 'many' } });
  expect(await untilText(options, '.unread-note', /could not be read/)).toContain(
    'They stand under Appearance, Privacy, and Limits. Relay only is on, to be safe.',
  );
  // The rest of them counts, and a change takes nothing away.
  await options.locator('#relay-only:checked').click();
  await options.waitForSelector('#relay-only:not(:checked)');
  expect(await storedSettings()).toMatchObject({ theme: 'system', relayOnly: false, signalingServers: [{ url: SIGNALING }] });
  await options.reload();
  await untilText(options, '.unread-note', /Appearance, Privacy, and Limits/);
  const text = await savedText('.unread-actions button', /^lodestream-settings-unread\.json$/);
  const { consentedAtMs: _consent, publisherHosts: _answers, ...carried } = stored as Record<string, unknown>;
  expect(JSON.parse(text)).toEqual({ app: 'lodestream', version: 1, settings: carried });

  await options.locator('.unread-actions button ::-p-text(Discard it)').click();
  await options.waitForSelector('.unread-actions .confirm button:focus ::-p-text(Keep)');
  await options.locator('.unread-actions .confirm button ::-p-text(Discard it)').click();
  await options.waitForSelector('.unread-note', { hidden: true });
  await options.reload();
  await options.waitForSelector('#export-settings');
  expect(await options.$('.unread-note')).toBeNull();
});

test('settings of a newer version are read as far as they are known, and kept as they were', async () => {
  const stored = await storeInstead({ theme: 'dark', tideTables: ['of a newer version'] }, 2);
  await untilText(options, '.unread-note', /newer version of Lodestream/);
  await options.waitForSelector('[name="theme"][value="dark"]:checked');
  await options.locator('[name="theme"][value="light"]').click();
  await untilText(options, '.saved', /Saved/);
  const kept = await options.evaluate(() => chrome.storage.local.get());
  expect(kept).toMatchObject({
    settings: { theme: 'light', relayOnly: true },
    settings$: { v: 1 },
    settingsSetAside: { version: 2, stored },
  });
});

test('a reset asks first, then puts everything back but the agreement', async () => {
  const { consentedAtMs } = await storedSettings();
  await options.locator('button ::-p-text(Reset to defaults)').click();
  await options.waitForSelector('.confirm button:focus ::-p-text(Keep)');
  expect(await storedSettings()).toMatchObject({ relayOnly: true });
  await options.locator('.confirm button ::-p-text(Reset)').click();
  await options.waitForSelector('[data-server="http://127.0.0.1:8787"]');
  expect(await storedSettings()).toMatchObject({ consentedAtMs, relayOnly: false, signalingServers: [{ url: 'http://127.0.0.1:8787' }] });
});

test('typed words leave the settings that have them, and Escape brings the others back', async () => {
  const field = '.settings-search input';
  const headings = (): Promise<readonly string[]> =>
    options.$$eval('section.panel:not([hidden]) h2', (found) => found.map(({ textContent }) => textContent));
  const all = await headings();
  expect(all).toContain('Engine');

  await options.locator(field).fill('pieces strikes-nobody-has');
  expect(await untilText(options, '[data-found="0"]', /\S/)).toBe('No setting on this page has these words.');
  expect(await headings()).toEqual([]);
  await options.locator('button ::-p-text(Clear search)').click();
  await options.waitForSelector(`${field}:focus`);
  expect(await headings()).toEqual(all);

  await options.locator(field).fill('bad PIECES');
  await options.waitForSelector('[data-found="1"]');
  expect(await headings()).toEqual(['Limits']);
  // It stands under what is folded in, beside others that do not have the words.
  const shown = await options.$$eval('details[open] .field', (fields) =>
    fields.filter((each) => each.checkVisibility()).map(({ textContent }) => textContent),
  );
  expect(shown).toEqual(['Bad pieces a peer may have had a part in']);

  await options.locator(field).fill('private.example.org');
  await options.waitForSelector(`[data-server="${SIGNALING}"]`);
  expect(await headings()).toEqual(['Signaling servers']);
  // What a password field holds is not to be seen.
  await options.locator(field).fill('secret token');
  expect(await untilText(options, '[data-found="0"]', /\S/)).toContain('No setting');
  await options.locator(field).fill('own network');
  expect(await untilText(options, '[data-found="1"]', /\S/)).toBe('Found in 1 section.');
  expect(await options.$eval('#relay-only', (input) => input.checkVisibility())).toBe(false);
  await options.keyboard.press('Escape');
  await options.waitForSelector('.settings-search output:not([data-found])');
  expect(await headings()).toEqual(all);
  expect(await options.$('details[open]')).toBeNull();
});

test('the way to the browser’s own page of extension shortcuts leads there', async () => {
  const opened = launched.browser.waitForTarget((target) => target.url() === 'chrome://extensions/shortcuts');
  await options.locator('#browser-shortcuts').click();
  const page = await (await opened).asPage();
  // The browser offers a key for the popup there, though the manifest names no command.
  await page.waitForSelector('>>> .command-entry');
  expect(await page.$$eval('>>> .shortcut-card .card-title', (titles) => titles.map(({ textContent }) => textContent.trim()))).toEqual([
    'Lodestream',
  ]);
});

test('a section that is jumped to lies below the header that stays', async () => {
  await options.setViewport({ width: 1280, height: 600 });
  const gapPx = await options.evaluate(() => {
    const section = document.querySelector('[aria-labelledby="limits-title"]') as HTMLElement;
    section.scrollIntoView();
    return section.getBoundingClientRect().top - (document.querySelector('.page-header')?.getBoundingClientRect().bottom ?? Infinity);
  });
  expect(gapPx).toBeGreaterThanOrEqual(0);
  expect(gapPx).toBeLessThan(32);
});

test('in a window of 320 pixels nothing is cut off, and the buttons of a server stand right below its fields', async () => {
  await options.setViewport({ width: 320, height: 640 });
  const rows = await options.$$eval('#signaling-servers .server-row, #ice-servers .server-row', (elements) =>
    elements.map((row) => {
      const [fields, buttons] = ['.server-fields', '.server-buttons'].map((name) => row.querySelector(name)?.getBoundingClientRect());
      return { gapPx: (buttons?.top ?? Infinity) - (fields?.bottom ?? 0), isInside: (buttons?.right ?? Infinity) <= innerWidth };
    }),
  );
  expect(rows).toHaveLength(2);
  for (const { gapPx, isInside } of rows) {
    expect(gapPx).toBeLessThan(9);
    expect(isInside).toBe(true);
  }
  expect(await options.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
