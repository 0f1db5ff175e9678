import { once, type EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { concatBytes } from '@/src/base/bytes';
import { silentLogger } from '@/src/base/logger';
import { createNodeEngine } from '@/src/host/node-engine';
import { describeTorrent } from '@/src/host/node-torrent';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { randomPeerId } from '@/src/protocol/ids';
import { toBinaryText } from '@/src/transport/tracker-messages';
import { ownPeer } from '@/tests/server/webtorrent-library';
import { filmPath } from '@/tests/support/films';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { filledStore, openMember } from '@/tests/support/local-swarm';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { peakExtensionBytes } from '@/tests/support/peak-memory';
import { untilPlaying, untilText } from '@/tests/support/stage';
import { watch, WebTorrentStage } from '@/tests/support/webtorrent-stage';
import { dictionary, extended, extendedHandshake, handshake, u32 } from '@/tests/unit/transport/wire-bytes';

/** Peers and a tracker that mean harm, from another process, while the built extension plays what an honest peer sends. */

const FILM = filmPath('film.webm');
/** Slow enough that the film is still on its way when the others come, and twice as fast as it plays. */
const HONEST_RATE = '90';
/** What a film takes anyway is below half of it; what these peers try to have allocated is far above. */
const BUDGET_BYTES = 600 * 1024 * 1024;

let stage: WebTorrentStage;
let info: TorrentInfo;

beforeEach(async () => {
  stage = await WebTorrentStage.open();
  ({ info } = await describeTorrent(FILM, () => undefined));
});

async function openVictim(): Promise<LaunchedBrowser & { readonly untilWhole: () => Promise<void> }> {
  const { magnet } = await stage.stockSeeder('film.webm', ['--upload-limit', HONEST_RATE]);
  const launched = await stage.openViewer([], { defaultMode: 'webtorrent' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  const untilWhole = async (): Promise<void> => {
    await untilPlaying(frame);
    await untilText(frame, 'main', /all of it verified/);
    expect(await streamedSha256(frame)).toBe(await sha256Of(FILM));
    expect(await peakExtensionBytes(launched.browser)).toBeLessThan(BUDGET_BYTES);
  };
  return { ...launched, untilWhole };
}

async function connectedPeers(victim: LaunchedBrowser): Promise<number> {
  const popup = await victim.browser.newPage();
  await popup.goto(`chrome-extension://${victim.extensionId}/popup.html`);
  await popup.waitForSelector('[data-session-id]');
  const peers = await popup.$$('[data-peer-state="connected"]');
  await popup.close();
  return peers.length;
}

const randomBytes = (lengthBytes: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(lengthBytes));

const METADATA_ID = 1;
const BLOCK = new Uint8Array(16 * 1024);

test.each([
  ['declares a message of 1 GiB', concatBytes(u32(2 ** 30), Uint8Array.of(20))],
  [
    'sends metadata of an index beyond any end',
    concatBytes(
      extendedHandshake(METADATA_ID, 40_000),
      extended(METADATA_ID, concatBytes(dictionary({ msg_type: 1, piece: 2 ** 31, total_size: 40_000 }), BLOCK)),
    ),
  ],
  [
    'asks for metadata beyond any end',
    concatBytes(extendedHandshake(METADATA_ID), extended(METADATA_ID, dictionary({ msg_type: 0, piece: 2 ** 31 }))),
  ],
])('a peer that %s is gone, and the film plays on', async (_what, bytes) => {
  const victim = await openVictim();
  const peerId = randomPeerId(randomBytes);
  const closed = Promise.withResolvers<void>();
  ownPeer(info.infoHash, peerId, stage.trackerUrl, (channel) => {
    // The seeder is met, too, and is not what this is about.
    channel.on('data', (chunk) => {
      if (!(chunk instanceof Uint8Array) || !isLodestream(chunk)) return;
      channel.on('close', () => closed.resolve());
      channel.write(bytes);
    });
    channel.write(handshake({ infoHash: info.infoHash, peerId }));
  });
  await closed.promise;
  expect(await connectedPeers(victim)).toBe(1);
  await victim.untilWhole();
});

/** The tracker's end of a connection. */
type TrackerSocket = EventEmitter & { send(text: string): void };

/** Its extended handshake names our extension. */
function isLodestream(chunk: Uint8Array): boolean {
  return Buffer.from(chunk).includes('lodestream');
}

test('a peer whose pieces do not verify is gone, and the film plays on', async () => {
  const victim = await openVictim();
  const film = new Uint8Array(await readFile(FILM));
  const store = await filledStore(
    info,
    film.map((byte) => byte ^ 1),
  );
  const liar = createNodeEngine({ store, logger: silentLogger });
  liar.applySettings({
    consented: true,
    signalingUrls: [],
    iceServers: [],
    defaultMode: 'webtorrent',
    trackers: [stage.trackerUrl],
    allowLocalPeers: true,
  });
  const member = await openMember(liar, `magnet:?xt=urn:btih:${info.infoHash}`);
  onTestFinished(() => member.close());
  await member.until(({ totals }) => totals.uploadedBytes > 0);
  await victim.untilWhole();
  // The honest seeder needs nothing from it: whoever it has lost is the victim.
  expect(await connectedPeers(victim)).toBe(1);
});

test('a tracker that floods with offers is left, and the film plays on', async () => {
  const { server } = stage.tracker;
  const clients: TrackerSocket[] = [];
  server.ws.on('connection', (socket: TrackerSocket) => clients.push(socket));
  const victim = await openVictim();
  // The seeder came first.
  const client = clients.at(-1);
  const left = new Promise((resolve) => client?.once('close', resolve));
  for (let offer = 0; offer < 2000; offer++) {
    client?.send(
      JSON.stringify({
        action: 'announce',
        info_hash: toBinaryText(info.infoHash),
        peer_id: toBinaryText(randomPeerId(randomBytes)),
        offer_id: `offer-${String(offer).padStart(14, '0')}`,
        offer: { type: 'offer', sdp: `v=0\r\n${'a=x\r\n'.repeat(500)}` },
      }),
    );
  }
  const back = once(server.ws, 'connection');
  await left;
  await back;
  await victim.untilWhole();
});
