import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { createNodeEngine } from '@/src/host/node-engine';
import type { ServerTestRequest } from '@/src/protocol/engine-api';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { startTracker } from '@/tests/bench/tracker';
import { startServer } from '@/tests/support/local-swarm';
import { startPeerServer } from '@/tests/support/peer-server';
import { notice, type Notice } from '@/src/protocol/notice';

/** The engine's own means against real servers. */
function openCalls(consented = true) {
  const engine = createNodeEngine({ store: createMemoryChunkStore(), logger: silentLogger });
  const abort = new AbortController();
  onTestFinished(async () => {
    abort.abort();
    await engine.close();
  });
  engine.applySettings({ consented, signalingUrls: [], iceServers: [], defaultMode: 'webrtc', trackers: [], allowLocalPeers: true });
  return engine.connectClient({ snapshot: () => undefined }, abort.signal);
}

test('a signaling server that answers is said to, with its round trip, and is left without a swarm', async () => {
  const server = await startServer(0);
  onTestFinished(() => server.close());
  const result = await openCalls().testServer({ kind: 'signaling', url: server.url });
  expect(result).toEqual({ ok: true, protocol: 'Socket.IO', connectMs: expect.any(Number), roundTripMs: expect.any(Number) });
  await expect.poll(() => server.counts()).toEqual({ connections: 0, swarms: 0, members: 0 });
});

test('a PeerServer and a tracker that answer are said to', async () => {
  const broker = await startPeerServer();
  onTestFinished(() => broker.close());
  const tracker = await startTracker('127.0.0.1');
  onTestFinished(() => tracker.close());
  const calls = openCalls();
  expect(await calls.testServer({ kind: 'signaling', url: broker.url })).toMatchObject({ ok: true, protocol: 'PeerServer' });
  const url = `ws://127.0.0.1:${tracker.port}`;
  expect(await calls.testServer({ kind: 'tracker', url })).toMatchObject({ ok: true, protocol: 'WebTorrent' });
});

test.each<[ServerTestRequest, Notice]>([
  [{ kind: 'signaling', url: 'http://127.0.0.1:9' }, notice('noSignalingServer', { host: '127.0.0.1:9' })],
  [{ kind: 'signaling', url: 'ws://127.0.0.1:9/ws' }, notice('noSignalingServer', { host: '127.0.0.1:9' })],
  [{ kind: 'signaling', url: 'peerjs://127.0.0.1:9' }, notice('noPeerServer', { host: '127.0.0.1:9' })],
  [{ kind: 'signaling', url: 'ftp://127.0.0.1' }, notice('signalingAddress', { address: 'ftp://127.0.0.1' })],
  [{ kind: 'tracker', url: 'ws://127.0.0.1:9' }, notice('unreachable', { host: '127.0.0.1:9' })],
  [{ kind: 'tracker', url: 'udp://127.0.0.1:9' }, notice('trackerScheme')],
])('of %j is said why it does not work', async (request, reason) => {
  expect(await openCalls().testServer(request)).toEqual({ ok: false, reason });
});

test('before consent nothing is asked', async () => {
  const server = await startServer(0);
  onTestFinished(() => server.close());
  await expect(openCalls(false).testServer({ kind: 'signaling', url: server.url })).rejects.toMatchObject({ code: 'no-consent' });
  expect(server.counts().connections).toBe(0);
});
