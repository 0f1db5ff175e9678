import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { createNodeEngine } from '@/src/host/node-engine';
import type { EngineSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import { magnetLink } from '@/src/protocol/magnet';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';
import { startSeedServer } from '@/tests/support/web-seed-server';

const ended = new AbortController();

afterEach(() => ended.abort());

test('a film whose description is known plays from a web seed on this machine, once the viewer allowed it', async () => {
  const film = fakeFilm(300_000);
  const info = describeFilm(film, 16_384);
  const server = await startSeedServer({ '/film.bin': film });
  ended.signal.addEventListener('abort', () => void server.close());
  const url = `${server.origin}/`;
  const store = createMemoryChunkStore();
  await (await store.open(info)).close();
  const engine = createNodeEngine({ store, logger: silentLogger });
  const settings = { signalingUrls: [], iceServers: [], trackers: [], allowLocalPeers: true, defaultMode: 'hybrid' } as const;
  engine.applySettings({ consented: true, ...settings });

  const snapshots = new Set<(session: SessionSnapshot) => void>();
  const snapshot = ({ sessions: [session] }: EngineSnapshot): void => {
    if (session !== undefined) for (const look of snapshots) look(session);
  };
  const until = (fits: (session: SessionSnapshot) => boolean): Promise<SessionSnapshot> =>
    new Promise((resolve) => {
      snapshots.add((session) => {
        if (fits(session)) resolve(session);
      });
    });

  const calls = engine.connectClient({ snapshot }, ended.signal);
  const refused = until(({ webSeeds }) => webSeeds[0]?.state === 'refused');
  await calls.watch({ kind: 'all' });
  const magnet = `${magnetLink({ infoHash: info.infoHash, name: info.name })}&ws=${encodeURIComponent(url)}`;
  const { sessionId } = await calls.openSession({ magnet });
  expect((await refused).webSeeds).toMatchObject([{ url, state: 'refused' }]);
  expect(server.requests).toEqual([]);

  const complete = until(({ state }) => state.kind === 'complete');
  await calls.allowWebSeed({ sessionId, url });
  const stream = await engine.openStream({ sessionId, fileIndex: 0, startBytes: 200_000 }, ended.signal);
  expect(Buffer.compare(await stream.read(1000), film.subarray(200_000, 201_000))).toBe(0);
  const session = await complete;
  const bySource = session.sources.map(({ name, totals }) => [name, totals.downloadedBytes]);
  expect(bySource).toEqual([
    ['native', 0],
    ['webtorrent', 0],
    ['web-seed', film.length],
  ]);
  expect(session.webSeeds).toMatchObject([{ url, state: 'active', totals: { downloadedBytes: film.length } }]);
  await calls.removeSession({ sessionId, deleteStored: true });
});
