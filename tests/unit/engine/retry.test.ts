import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { createEngine } from '@/src/engine/engine';
import type { Engine } from '@/src/engine/engine-interface';
import { createNodeConnection } from '@/src/host/node-rtc';
import type { EngineCalls, EngineSnapshot } from '@/src/protocol/engine-api';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { createSocketIoSignaling } from '@/src/transport/socket-io-signaling';
import { startTracker } from '@/tests/bench/tracker';
import { ManualClock } from './manual-clock';

interface Waiting {
  readonly engine: Engine;
  readonly clock: ManualClock;
  readonly calls: EngineCalls;
  /** The tracker comes up; `announced` resolves at its first announce. */
  readonly comeBack: () => Promise<{ readonly announced: Promise<unknown> }>;
}

/** A film whose only tracker is down. The engine's time stands still, so that nothing is tried again by itself. */
async function waitingForTracker(clock = new ManualClock()): Promise<Waiting> {
  const gone = await startTracker('127.0.0.1');
  await gone.close();
  const engine = createEngine({
    store: createMemoryChunkStore(),
    createConnection: createNodeConnection,
    createSignaling: (url, signal) => createSocketIoSignaling({ url, signal }),
    clock,
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
  engine.applySettings({
    consented: true,
    signalingUrls: [],
    iceServers: [],
    defaultMode: 'webtorrent',
    trackers: [`ws://127.0.0.1:${gone.port}`],
    allowLocalPeers: true,
  });
  let last: EngineSnapshot | undefined;
  const calls = engine.connectClient({ snapshot: (snapshot) => void (last = snapshot) }, new AbortController().signal);
  await calls.openSession({ magnet: `magnet:?xt=urn:btih:${'ab'.repeat(20)}` });
  do {
    await new Promise((resolve) => setImmediate(resolve));
    await calls.watch({ kind: 'all' });
  } while (last?.sessions[0]?.trackers[0]?.state !== 'unreachable');
  return {
    engine,
    clock,
    calls,
    async comeBack() {
      back = await startTracker('127.0.0.1', gone.port);
      return { announced: once(back.server, 'start') };
    },
  };
}

/** Time that can pass without anything being called, as while a machine sleeps. */
class SleepingClock extends ManualClock {
  #sleptMs = 0;

  override now(): number {
    return super.now() + this.#sleptMs;
  }

  sleep(ms: number): void {
    this.#sleptMs += ms;
  }
}

test('trying again asks a tracker that was down at once', async () => {
  const { calls, comeBack } = await waitingForTracker();
  const { announced } = await comeBack();
  await calls.retry();
  expect(await announced).toBeDefined();
});

test('when the network is back, a tracker that was down is asked at once', async () => {
  const { engine, comeBack } = await waitingForTracker();
  const { announced } = await comeBack();
  engine.reconnect();
  expect(await announced).toBeDefined();
});

test('a machine that slept asks at once', async () => {
  const clock = new SleepingClock();
  const { comeBack } = await waitingForTracker(clock);
  const { announced } = await comeBack();
  clock.sleep(60_000);
  // Half a second of the clock's own: less than the first wait for a tracker.
  clock.advance(500);
  expect(await announced).toBeDefined();
});
