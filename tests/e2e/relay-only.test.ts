import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { parseMagnet } from '@/src/protocol/magnet';
import { filmPath } from '@/tests/support/films';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { openLinkIn, openLinkPage } from '@/tests/support/open-film';
import { capturePackets, udpPorts } from '@/tests/support/packet-capture';
import { startRecordingRelay } from '@/tests/support/recording-relay';
import { clickLink, openBrowser, startSeeder, startSignaling, untilPlaying, untilText } from '@/tests/support/stage';
import { startTurnServer } from '@/tests/support/turn-server';

const batch = v.pipe(v.string(), v.parseJson(), v.array(v.object({ candidate: v.string() })));

/** A STUN server that would take note of whoever asks it. */
async function countingStun(): Promise<{ readonly url: string; packets(): number }> {
  let packets = 0;
  const socket = createSocket('udp4', () => packets++).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { url: `stun:127.0.0.1:${socket.address().port}`, packets: () => packets };
}

test('G11: relay-only: the film comes through the relay, and the browser sends UDP to nobody else', async () => {
  const [signaling, turn, stun] = await Promise.all([startSignaling(), startTurnServer(), countingStun()]);
  onTestFinished(() => signaling.stop());
  onTestFinished(() => turn.stop());
  const film = filmPath('faststart.mp4');
  const seeder = await startSeeder(film, signaling.url);
  onTestFinished(() => seeder.child.stop());
  const relay = await startRecordingRelay(signaling.url);
  onTestFinished(() => relay.close());
  const launched = await openBrowser(
    [relay.url],
    {},
    {
      iceServers: [
        { urls: stun.url, enabled: true },
        { urls: turn.url, enabled: true, ...turn.credentials() },
      ],
      relayOnly: true,
    },
  );
  onTestFinished(() => launched.close());
  const browserPid = launched.browser.process()?.pid ?? -1;
  const page = await openLinkPage(launched.browser, seeder.magnet);

  const capture = await capturePackets();
  onTestFinished(() => capture.close());
  const frame = await clickLink(page, launched.extensionId);
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(film));
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  expect(await untilText(popup, '.peers', /through a relay/)).not.toMatch(/direct|same network/);
  const browserPorts = new Set(await udpPorts(browserPid));
  const seederPorts = new Set(await udpPorts(seeder.child.pid));
  const packets = await capture.stop();

  const isRelay = (port: number): boolean => port >= turn.relayPorts.first && port <= turn.relayPorts.last;
  const fromBrowser = packets.filter(({ from }) => browserPorts.has(from.port));
  expect(fromBrowser.length).toBeGreaterThan(100);
  expect([...new Set(fromBrowser.map(({ to }) => `turn:${to.address}:${to.port}`))]).toEqual([turn.url]);
  // The other way round it holds for sockets that were gone again when the ports were looked up.
  const aboutSeeder = packets.filter(({ from, to }) => seederPorts.has(from.port) || seederPorts.has(to.port));
  expect(aboutSeeder.length).toBeGreaterThan(100);
  expect(aboutSeeder.filter(({ from, to }) => !isRelay(from.port) && !isRelay(to.port))).toEqual([]);
  expect(stun.packets()).toBe(0);

  const magnet = parseMagnet(seeder.magnet);
  if (!magnet.ok) throw new Error(magnet.code);
  const told = relay.opened(magnet.magnet.infoHash);
  const candidates = told.filter(({ kind }) => kind === 'ice-candidate').flatMap(({ text }) => v.parse(batch, text));
  expect(candidates.length).toBeGreaterThan(0);
  for (const { candidate } of candidates) expect(candidate).toMatch(/ typ relay raddr 0\.0\.0\.0 rport 0\b/);
  const descriptions = told.filter(({ kind }) => kind !== 'ice-candidate');
  expect(descriptions.length).toBeGreaterThan(0);
  for (const { text } of descriptions) {
    expect(text).not.toContain('candidate:');
    expect([...text.matchAll(/IN IP[46] (\S+)/g)].map(([, address]) => address)).toEqual(['127.0.0.1', '0.0.0.0']);
  }
});

test('relay-only without a TURN server: the player and the options say what is missing, and it goes on once there is one', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const stun = await countingStun();
  const seeder = await startSeeder(filmPath('faststart.mp4'), signaling.url);
  onTestFinished(() => seeder.child.stop());
  const launched = await openBrowser([signaling.url], {}, { iceServers: [{ urls: stun.url, enabled: true }] });
  onTestFinished(() => launched.close());
  const options = await launched.browser.newPage();
  await options.goto(`chrome-extension://${launched.extensionId}/options.html`);
  await options.locator('#relay-only').click();
  expect(await untilText(options, '#relay-missing', /needs a TURN server/)).toContain('no peer is connected to');

  const { page, frame } = await openLinkIn(launched, seeder.magnet);
  const card = await untilText(frame, '[data-message="no-peer"]', /Relay only needs a TURN server/);
  expect(card).toContain('No connection is tried');
  expect(seeder.child.lines.join('\n')).not.toMatch(/Peers: [1-9]/);
  expect(stun.packets()).toBe(0);

  const turn = await startTurnServer();
  onTestFinished(() => turn.stop());
  const { username, credential } = turn.credentials();
  await options.bringToFront();
  await options.locator('#ice-servers .add-server input[type="text"]').fill(turn.url);
  await options.locator('#ice-servers summary').click();
  await options.locator('#new-ice-username').fill(username);
  await options.locator('#new-ice-credential').fill(credential);
  await options.keyboard.press('Enter');
  await options.waitForSelector('#relay-missing', { hidden: true });
  await page.bringToFront();
  await untilPlaying(frame);
});

test('G12: relay-only: a TURN server that the signaling server lends is as good as one of the options', async () => {
  const turn = await startTurnServer();
  onTestFinished(() => turn.stop());
  const signaling = await startSignaling(0, { TURN_URLS: turn.url, TURN_SECRET: turn.secret, TURN_FOR_EVERYONE: 'yes' });
  onTestFinished(() => signaling.stop());
  const film = filmPath('faststart.mp4');
  const seeder = await startSeeder(film, signaling.url);
  onTestFinished(() => seeder.child.stop());
  const launched = await openBrowser([signaling.url], {}, { iceServers: [], relayOnly: true });
  onTestFinished(() => launched.close());
  const { frame } = await openLinkIn(launched, seeder.magnet);
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(film));
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  expect(await untilText(popup, '.peers', /through a relay/)).not.toMatch(/direct|same network/);
});
