import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '@/tests/support/launch-browser';
import { serveFilm } from '@/tests/support/open-film';
import { agree, playerFrame, storeSettings, untilPlaying, untilText } from '@/tests/support/stage';

const NOBODY = { signalingServers: [], iceServers: [], trackers: [] };

test('who has agreed and has no link at hand is offered a free film, which plays in a tab', async () => {
  const launched = await launchBrowser();
  onTestFinished(() => launched.close());
  const { browser, extensionId } = launched;
  // Nobody outside is asked for it here.
  await storeSettings(launched, { ...NOBODY, defaultMode: 'webrtc', swarmThroughTrackers: false });
  const target = await browser.waitForTarget((opened) => opened.url() === `chrome-extension://${extensionId}/welcome.html`);
  const welcome = await target.asPage();
  await welcome.bringToFront();
  expect(await welcome.$('#try-it')).toBeNull();
  await welcome.locator('#accept').click();
  const opened = browser.waitForTarget((tab) => tab.url().includes('/player.html#'));
  await welcome.locator('#try-it').click();
  const player = await (await opened).asPage();
  await untilText(player, 'h1', /Sintel/);
  expect(await untilText(player, '.state-line output', /No signaling server/)).not.toBe('');
});

test('before the viewer agrees no byte leaves for anybody; after it, the film that was clicked plays by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-netlog-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { signaling, site } = await serveFilm('faststart.mp4');
  let stunPackets = 0;
  const stun = createSocket('udp4', () => stunPackets++).bind(0, '127.0.0.1');
  await once(stun, 'listening');
  onTestFinished(() => void stun.close());

  const netLog = join(folder, 'net-log.json');
  const launched = await launchBrowser({ args: [`--log-net-log=${netLog}`, '--net-log-capture-mode=Everything'] });
  const { browser, extensionId } = launched;
  await storeSettings(launched, {
    signalingServers: [{ url: signaling.url, enabled: true }],
    iceServers: [{ urls: `stun:127.0.0.1:${stun.address().port}`, enabled: true }],
    trackers: [],
  });
  const page = await browser.newPage();
  await page.goto(site.origin);
  await page.locator('#film').click();
  const frame = await playerFrame(page, extensionId);
  await frame.waitForSelector('[data-view-state="awaiting-consent"]');
  expect(browser.targets().map((target) => target.url())).not.toContain(`chrome-extension://${extensionId}/offscreen.html`);
  expect(stunPackets).toBe(0);
  const beforeMs = Date.now();

  await agree(launched);
  await page.bringToFront();
  await untilPlaying(frame);
  expect(await untilText(frame, 'main', /Playing/)).toMatch(/peer/);
  expect(stunPackets).toBeGreaterThan(0);
  await launched.close();

  const asked = await requestsOf(netLog);
  const signalingHost = new URL(signaling.url).host;
  // Chromium asks its own services for updates all by itself; what counts is who was asked for the extension, or was in its settings.
  const ours = asked.filter(({ host, initiator }) => initiator.includes(extensionId) || host === signalingHost);
  expect(ours.filter(({ atMs }) => atMs < beforeMs)).toEqual([]);
  // The same log shows what came after: it would have shown it before.
  expect(ours.map(({ host }) => host)).toContain(signalingHost);
  expect(asked.filter(({ atMs }) => atMs < beforeMs).map(({ host }) => host)).toContain(new URL(site.origin).host);
});

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>>; readonly timeTickOffset: number | string };
  readonly events: readonly { readonly type: number; readonly time: string; readonly params?: Readonly<Record<string, unknown>> }[];
}

interface Asked {
  readonly host: string;
  /** Origin of the page or worker that asked. */
  readonly initiator: string;
  readonly atMs: number;
}

/** Every http and WebSocket request the browser made: its own network log says so. */
async function requestsOf(path: string): Promise<Asked[]> {
  const { constants, events } = JSON.parse(await readFile(path, 'utf8')) as NetLog;
  const started = constants.logEventTypes['URL_REQUEST_START_JOB'];
  return events.flatMap(({ type, time, params }) => {
    if (type !== started || typeof params?.['url'] !== 'string') return [];
    const url = new URL(params['url']);
    if (!/^(http|ws)s?:$/.test(url.protocol)) return [];
    return [
      { host: url.host, initiator: JSON.stringify(params['initiator'] ?? ''), atMs: Number(time) + Number(constants.timeTickOffset) },
    ];
  });
}
