import { afterEach, expect, test } from 'vitest';
import { IceServers } from '@/src/engine/ice-servers';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { LocalSwarm, NATIVE_ONLY } from '@/tests/support/local-swarm';

const STUN = { urls: 'stun:stun.example.org' };
const TURN = { urls: 'turns:turn.example.org', username: 'viewer', credential: 'secret' };

let swarm: LocalSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

test('G11: with relays alone the browser is told so, and is given no STUN server', () => {
  const ice = new IceServers(
    () => 0,
    () => undefined,
  );
  ice.configure({ iceServers: [STUN, TURN] });
  expect(ice.configuration()).toEqual({ iceServers: [STUN, TURN] });
  ice.configure({ iceServers: [STUN, TURN], relayOnly: true });
  expect(ice.configuration()).toEqual({ iceServers: [TURN], iceTransportPolicy: 'relay' });
  expect(ice.mayConnect).toBe(true);
});

test('G11: with relays alone and none known, even a connection made by mistake has no way out', () => {
  const ice = new IceServers(
    () => 0,
    () => undefined,
  );
  ice.configure({ iceServers: [STUN], relayOnly: true });
  expect(ice.mayConnect).toBe(false);
  expect(ice.configuration()).toEqual({ iceServers: [], iceTransportPolicy: 'relay' });
});

test('G12: a public server lends no relay of a private network; one of that network does', () => {
  const [open, own] = ['wss://signaling.example.org', 'ws://192.168.1.2:8080'];
  expect(lentBy(open, 'turn:turn.example.org:3478')).toEqual(['turn:turn.example.org:3478']);
  for (const urls of ['turn:192.168.1.1:80?transport=tcp', 'turns:localhost', 'turn:[::1]:3478']) {
    expect([lentBy(open, urls), lentBy(own, urls)]).toEqual([[], [urls]]);
  }
});

test('without a TURN server a relay-only viewer connects to nobody, although the others find each other', async () => {
  swarm = await LocalSwarm.start();
  const hidden = await swarm.join(createMemoryChunkStore(), {}, { relayOnly: true });
  await hidden.until(({ signaling }) => signaling.some(({ state }) => state === 'connected'));
  await swarm.seed();
  const other = await swarm.join(createMemoryChunkStore());
  expect(await other.read(0, swarm.film.length)).toEqual(swarm.film);
  const then = await hidden.until(() => true);
  expect(then).toMatchObject({ lacksRelay: true, peers: [], state: { kind: 'searching' } });
});

test('who switches to relay-only while a film plays loses the links that show the address, and has them again after switching back', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ peers }) => peers.length === 1);
  const settings: EngineSettings = {
    consented: true,
    signalingUrls: [swarm.server.url],
    iceServers: [],
    ...NATIVE_ONLY,
    allowLocalPeers: false,
  };
  viewer.engine.applySettings({ ...settings, relayOnly: true });
  await viewer.until(({ lacksRelay, peers }) => lacksRelay && peers.length === 0);
  viewer.engine.applySettings(settings);
  const again = await viewer.until(({ peers }) => peers.length === 1);
  expect(again.lacksRelay).toBe(false);
});

test('G12: what a server lends is used as long as its credentials are good, and the server is asked', () => {
  let nowMs = 0;
  let lent = 0;
  const ice = new IceServers(
    () => nowMs,
    () => lent++,
  );
  ice.configure({ iceServers: [STUN], relayOnly: true });
  const relay = { urls: 'turn:turn.example.org', username: '600:x', credential: 'secret' };
  ice.lend('https://signal.example.org', [{ ...relay, lifetimeSeconds: 600 }]);
  ice.lend('https://signal.example.org', [{ ...relay, username: '700:x', lifetimeSeconds: 700 }]);
  expect(lent).toBe(1);
  expect(ice.configuration()).toEqual({ iceServers: [{ ...relay, username: '700:x' }], iceTransportPolicy: 'relay' });
  nowMs = 671_000;
  expect(ice.mayConnect).toBe(false);
  nowMs = 0;
  ice.keepLenders([]);
  expect(ice.mayConnect).toBe(false);
});

function lentBy(signalingUrl: string, urls: string): unknown {
  const ice = new IceServers(
    () => 0,
    () => undefined,
  );
  ice.lend(signalingUrl, [{ urls, username: 'viewer', credential: 'secret', lifetimeSeconds: 3600 }]);
  return ice.configuration().iceServers?.map((server) => server.urls);
}
