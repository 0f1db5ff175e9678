import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { createEngine } from '@/src/engine/engine';
import { createNodeConnection } from '@/src/host/node-rtc';
import type { EngineSnapshot } from '@/src/protocol/engine-api';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { createSocketIoSignaling } from '@/src/transport/socket-io-signaling';
import { startTracker } from '@/tests/bench/tracker';
import { ManualClock } from './manual-clock';

test('trying again asks a tracker that was down at once: no time passes here, so nothing else could', async () => {
  const gone = await startTracker('127.0.0.1');
  await gone.close();
  const engine = createEngine({
    store: createMemoryChunkStore(),
    createConnection: createNodeConnection,
    createSignaling: (url, signal) => createSocketIoSignaling({ url, signal }),
    clock: new ManualClock(),
    random: () => 0.5,
    randomBytes: (lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes)),
    sha1: () => Promise.reject(new Error('there is nothing to verify')),
    sha256: () => Promise.reject(new Error('there is nothing to verify')),
    logger: silentLogger,
  });
  let back: Awaited<ReturnType<typeof startTracker>> | undefined;
  onTestFinished(async () => {
    await engine.close();
    await back?.close();
  });
  const trackerUrl = `ws://127.0.0.1:${gone.port}`;
  engine.applySettings({
    consented: true,
    signalingUrls: [],
    iceServers: [],
    defaultMode: 'webtorrent',
    trackers: [trackerUrl],
    allowLocalPeers: true,
  });
  let last: EngineSnapshot | undefined;
  const calls = engine.connectClient({ snapshot: (snapshot) => void (last = snapshot) }, new AbortController().signal);
  await calls.openSession({ magnet: `magnet:?xt=urn:btih:${'ab'.repeat(20)}` });
  do {
    await new Promise((resolve) => setImmediate(resolve));
    await calls.watch({ kind: 'all' });
  } while (last?.sessions[0]?.trackers[0]?.state !== 'unreachable');

  back = await startTracker('127.0.0.1', gone.port);
  const announced = once(back.server, 'start');
  await calls.retry();
  expect(await announced).toBeDefined();
});
