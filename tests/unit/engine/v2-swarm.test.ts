import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { magnetLink } from '@/src/protocol/magnet';
import { truncateHash } from '@/src/protocol/torrent-info';
import type { TorrentKind } from '@/src/protocol/content-hasher';
import { concatBytes, toHex } from '@/src/base/bytes';
import { inTreeOrder } from '@/src/protocol/create-torrent';
import { describeFiles } from '@/src/protocol/describe-files';
import { writePieceLayers } from '@/src/protocol/piece-layer-file';
import { describeTorrent } from '@/src/host/node-torrent';
import { createSeedStore } from '@/src/store/seed-store';
import { createFileChunkStore } from '@/src/store/file-chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { fakeFilm, filledStore, LocalSwarm } from '@/tests/support/local-swarm';

/** Engines in this process, a real signaling server, real WebRTC: torrents of BitTorrent v2 and of both versions. */

async function start(kind: TorrentKind, lengthBytes = 3_000_000, pieceLengthBytes = 64 * 1024): Promise<LocalSwarm> {
  const swarm = await LocalSwarm.start(lengthBytes, pieceLengthBytes, { kind });
  onTestFinished(() => swarm.close());
  return swarm;
}

/** The link with only one of a hybrid torrent's hashes. */
function onlyTopic(magnet: string, topic: 'btih' | 'btmh'): string {
  return magnet.replace(topic === 'btih' ? /xt=urn:btmh:[^&]*&?/ : /xt=urn:btih:[^&]*&?/, '');
}

test('a v2 torrent is found by its btmh link, its piece layer is fetched, and every byte arrives', async () => {
  const swarm = await start('v2');
  expect(swarm.magnet).toMatch(/^magnet:\?xt=urn:btmh:1220[0-9a-f]{64}&/);
  await swarm.seed();
  const store = createMemoryChunkStore();
  const viewer = await swarm.join(store, {}, { defaultMode: 'hybrid' });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const session = await viewer.until(({ state }) => state.kind === 'complete');
  expect(session.id).toBe(swarm.info.infoHash);
  const left = session.sources.filter(({ reason }) => reason !== undefined);
  expect(left.map(({ name, state }) => [name, state])).toEqual([
    ['webtorrent', 'off'],
    ['web-seed', 'off'],
  ]);
  expect(left[0]?.reason?.name).toBe('onlyLodestreamKnowsV2');
});

test('H2: a layer of more hashes than one answer holds comes in runs, each proven by itself', async () => {
  const swarm = await start('v2', 16 * 1024 * 600 + 5, 16 * 1024);
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(16 * 1024 * 590, 200_000)).toEqual(swarm.film.slice(16 * 1024 * 590));
});

test('who has fetched a v2 torrent passes its layers on to the next', async () => {
  const swarm = await start('v2');
  const seeder = await swarm.seed();
  const first = await swarm.join(createMemoryChunkStore());
  await first.read(0, swarm.film.length);
  await first.until(({ state }) => state.kind === 'complete');
  await seeder.close();
  const second = await swarm.join(createMemoryChunkStore());
  expect(await second.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('layers outlive a restart: what was fetched is kept, and half a film goes on from a peer that tells no hashes', async () => {
  const swarm = await start('v2');
  const directory = await mkdtemp(join(tmpdir(), 'lodestream-v2-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const seeder = await swarm.seed();
  const first = await swarm.join(createFileChunkStore({ directory }));
  await first.read(0, 100_000);
  await seeder.close();
  await first.close();
  const store = createFileChunkStore({ directory });
  const chunks = await store.open(swarm.info);
  expect(chunks.hashesAtOpen).toEqual(swarm.hashes);
  await chunks.close();
  // This seeder cannot serve hashes: it has none.
  await swarm.join(await filledStore(swarm.info, swarm.film));
  const viewer = await swarm.join(store);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
});

test.each(['v2', 'hybrid'] as const)('every file of a folder shared as a %s torrent arrives whole, whatever its length', async (kind) => {
  const swarm = await start(kind);
  const directory = await mkdtemp(join(tmpdir(), 'lodestream-folder-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const contents = [
    ['a.mkv', fakeFilm(16 * 1024 * 3 + 77, 2)],
    ['b.srt', new Uint8Array(0)],
    ['c.srt', fakeFilm(500, 3)],
    ['d.mkv', fakeFilm(16 * 1024 * 2, 4)],
    ['e.srt', fakeFilm(1, 5)],
  ] as const;
  for (const [name, bytes] of contents) await writeFile(join(directory, name), bytes);
  const { info, hashes } = await describeTorrent(directory, () => undefined, kind);
  const magnet = magnetLink(info);
  await swarm.join(createSeedStore({ info, path: directory, ...(hashes === undefined ? {} : { hashes }) }), {}, {}, magnet);
  const stored = await mkdtemp(join(tmpdir(), 'lodestream-stored-'));
  onTestFinished(() => rm(stored, { recursive: true, force: true }));
  const viewer = await swarm.join(createFileChunkStore({ directory: stored }), {}, {}, magnet);
  for (const [name, bytes] of contents) {
    const fileIndex = info.files.findIndex(({ path, padding }) => !padding && path.at(-1) === name);
    const reading = new AbortController();
    const stream = await viewer.engine.openStream({ sessionId: viewer.sessionId, fileIndex, startBytes: 0 }, reading.signal);
    expect(stream.fileLengthBytes).toBe(bytes.length);
    const parts: Uint8Array[] = [];
    for (let part = await stream.read(100_000); part.length > 0; part = await stream.read(100_000)) parts.push(part);
    expect(concatBytes(...parts)).toEqual(bytes);
    reading.abort();
  }
  const done = await viewer.until(({ state, files }) => state.kind === 'complete' && files?.every(({ selected }) => selected) === true);
  expect(done.files?.map(({ path, verifiedBytes }) => [path.at(-1), verifiedBytes])).toEqual(
    contents.map(([name, bytes]) => [name, bytes.length]),
  );
});

test('S5: a btih viewer and a btmh viewer of one hybrid torrent meet and exchange pieces', async () => {
  const swarm = await start('hybrid');
  const { infoHashV2 } = swarm.info;
  expect(infoHashV2 === undefined ? undefined : truncateHash(infoHashV2)).not.toBe(swarm.info.infoHash);
  // Neither has all of it, and each knows the torrent by another hash.
  const half = Math.ceil(swarm.info.pieceCount / 2);
  const byV1 = await swarm.join(
    await filledStore(swarm.info, swarm.film, (piece) => piece < half),
    {},
    {},
    onlyTopic(swarm.magnet, 'btih'),
  );
  const infoV2 = { ...swarm.info, infoHash: infoHashV2 === undefined ? swarm.info.infoHash : truncateHash(infoHashV2) };
  const byV2 = await swarm.join(await filledStore(infoV2, swarm.film, (piece) => piece >= half), {}, {}, onlyTopic(swarm.magnet, 'btmh'));
  expect(byV1.sessionId).not.toBe(byV2.sessionId);
  const [left, right] = await Promise.all([byV1.read(0, swarm.film.length), byV2.read(0, swarm.film.length)]);
  expect(left).toEqual(swarm.film);
  expect(right).toEqual(swarm.film);
});

test('S5: a btmh viewer who knows nothing but the hash finds a seeder that came by btih, and then others', async () => {
  const swarm = await start('hybrid');
  const seeder = await swarm.seed({}, onlyTopic(swarm.magnet, 'btih'));
  const viewer = await swarm.join(createMemoryChunkStore(), {}, {}, onlyTopic(swarm.magnet, 'btmh'));
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  // It has moved: one who joins by btih alone finds it without the seeder.
  await seeder.close();
  const other = await swarm.join(createMemoryChunkStore(), {}, {}, onlyTopic(swarm.magnet, 'btih'));
  expect(await other.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('the same hybrid torrent by its other hash is the session that is open already', async () => {
  const swarm = await start('hybrid');
  const seeder = await swarm.seed({}, onlyTopic(swarm.magnet, 'btih'));
  await seeder.until(({ state }) => state.kind === 'complete');
  const again = await seeder.calls.openSession({ magnet: onlyTopic(swarm.magnet, 'btmh') });
  expect(again.sessionId).toBe(seeder.sessionId);
});

test('a link whose two hashes are of different torrents fails with a sentence, and no peer is blamed', async () => {
  const swarm = await start('hybrid');
  await swarm.seed({}, onlyTopic(swarm.magnet, 'btih'));
  const other = (await start('v2', 100_000)).info.infoHashV2;
  const viewer = await swarm.join(
    createMemoryChunkStore(),
    {},
    {},
    magnetLink({ ...swarm.info, ...(other === undefined ? {} : { infoHashV2: other }) }),
  );
  const failed = await viewer.until(({ state }) => state.kind === 'failed');
  expect(failed.state).toMatchObject({ code: 'bad-metadata', advice: { name: 'twoTorrents' } });
});

test.each(['v2', 'hybrid'] as const)('files of a page are shared as a %s torrent whose pieces others can verify', async (kind) => {
  const swarm = await start(kind);
  const film = fakeFilm(300_001, 7);
  const { signal } = new AbortController();
  const { info, files, hashes } = await describeFiles({
    kind,
    name: 'Folder',
    single: false,
    files: inTreeOrder([
      { path: ['note.txt'], file: new File(['hello'], 'note.txt') },
      { path: ['film.bin'], file: new File([film], 'film.bin') },
    ]),
    sha1: async (bytes) => createHash('sha1').update(bytes).digest(),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
    onProgress: () => undefined,
    signal,
  });
  const request = { magnet: magnetLink(info), infoBytes: info.infoBytes, files };
  const sharer = await swarm.joinWithShared();
  if (kind === 'v2') {
    await expect(sharer.calls.shareFiles(request)).rejects.toMatchObject({ code: 'bad-request' });
    const wrong = writePieceLayers(new Map([[toHex(info.files[0]?.piecesRoot ?? new Uint8Array(32)), new Uint8Array(19 * 32)]]));
    await expect(sharer.calls.shareFiles({ ...request, hashes: wrong })).rejects.toMatchObject({ code: 'bad-request' });
  }
  await sharer.calls.shareFiles({ ...request, ...(hashes === undefined ? {} : { hashes }) });
  const viewer = await swarm.join(createMemoryChunkStore(), {}, {}, request.magnet);
  expect(await viewer.read(0, film.length)).toEqual(film);
});
