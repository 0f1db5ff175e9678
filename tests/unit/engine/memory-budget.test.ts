import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { memoryBudget, totalBytes, type EngineLoad } from '@/src/engine/memory-budget';
import { createNodeEngine } from '@/src/host/node-engine';
import { buildInfoDictionary } from '@/src/protocol/create-torrent';
import { magnetLink } from '@/src/protocol/magnet';
import { PieceHasher } from '@/src/protocol/piece-hasher';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { DEFAULT_FLOW_LIMITS } from '@/src/scheduler/flow-control';
import { createSeedStore } from '@/src/store/seed-store';
import { startScript } from '@/tests/support/child-process';
import { NATIVE_ONLY, openMember, startServer } from '@/tests/support/local-swarm';

const MIB = 1024 * 1024;
const READ_BYTES = 512 * 1024;
const PIECE_BYTES = 256 * 1024;

const LOAD: EngineLoad = {
  connections: 50,
  sessions: 1,
  streams: 1,
  readBytes: READ_BYTES,
  pieceLengthBytes: MIB,
  pieceCount: 2000,
  metadataBytes: 40_000,
};

describe('the budget', () => {
  test('is what ARCHITECTURE.md says for fifty peers and pieces of a mebibyte', () => {
    const budget = memoryBudget(DEFAULT_LIMITS, LOAD);
    const inMib = Object.fromEntries(Object.entries(budget).map(([name, bytes]: [string, number]) => [name, Math.round(bytes / MIB)]));
    expect(inMib).toEqual({
      sending: 66,
      receiving: 132,
      assembly: 66,
      opening: 4,
      readCache: 24,
      metadata: 0,
      pushed: 0,
      streams: 1,
      pieces: 1,
    });
  });

  test('hardly grows with the film', () => {
    const [film, fourTimes] = [2000, 8000].map((pieceCount) => totalBytes(memoryBudget(DEFAULT_LIMITS, { ...LOAD, pieceCount })));
    expect((fourTimes ?? 0) / (film ?? 1)).toBeLessThan(1.01);
  });

  test('follows from the limits', () => {
    const half = memoryBudget({ ...DEFAULT_LIMITS, assemblyBytes: 32 * MIB, uploadHighWaterBytes: 128 * 1024 }, LOAD);
    expect([half.assembly, half.sending]).toEqual([34 * MIB, 50 * (128 + 64 + 1024) * 1024]);
  });

  test('allows for four pieces, however long they are', () => {
    const { assembly } = memoryBudget(DEFAULT_LIMITS, { ...LOAD, pieceLengthBytes: 64 * MIB });
    expect(assembly).toBe(4 * 64 * MIB);
  });
});

describe('an engine that fetches and plays a film from the disk of another', () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lodestream-memory-'));
    server = await startServer(0);
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Full of holes, which take no room on the disk, but for the beginning of each mebibyte. */
  async function makeFilm(lengthBytes: number): Promise<string> {
    const path = join(folder, `film-${lengthBytes}.bin`);
    const file = await open(path, 'w');
    await file.truncate(lengthBytes);
    for (let at = 0; at < lengthBytes; at += MIB) await file.write(Buffer.from(`at ${at}`), 0, undefined, at);
    await file.close();
    return path;
  }

  async function heldWhilePlaying(lengthBytes: number): Promise<{ heldBytes: readonly number[]; info: TorrentInfo }> {
    const path = await makeFilm(lengthBytes);
    const info = await describeFile(path, lengthBytes);
    const engine = createNodeEngine({ store: createSeedStore({ info, path }), logger: silentLogger });
    engine.applySettings({ consented: true, signalingUrls: [server.url], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: true });
    const seeder = await openMember(engine, magnetLink(info));
    const viewerFolder = join(folder, `viewer-${lengthBytes}`);
    const viewer = startScript('tests/support/measured-viewer.ts', [magnetLink(info), '--signaling', server.url, '--folder', viewerFolder]);
    try {
      const [, held = '', read] = await viewer.waitForLine(/"heldBytes":\[([\d,]+)\],"readBytes":(\d+)/);
      expect(Number(read)).toBe(lengthBytes);
      return { heldBytes: held.split(',').map(Number), info };
    } finally {
      await viewer.stop();
      await seeder.close();
      await rm(viewerFolder, { recursive: true, force: true });
    }
  }

  test('holds the same for a film of 40 MB and one of 320 MB, and never more than its budget', { timeout: 180_000 }, async () => {
    const small = await heldWhilePlaying(40_000_000);
    const large = await heldWhilePlaying(320_000_000);
    for (const { heldBytes, info } of [small, large]) {
      const { pieceLengthBytes, pieceCount, infoBytes } = info;
      const load = { ...LOAD, connections: 1, pieceLengthBytes, pieceCount, metadataBytes: infoBytes.length };
      expect(heldBytes.at(-1)).toBeLessThan(totalBytes(memoryBudget(DEFAULT_LIMITS, load)));
    }
    // A film eight times as long takes no more but for what is under way, which a short one is over too soon to see grow.
    expect(usualHighOf(large.heldBytes) - usualHighOf(small.heldBytes)).toBeLessThan(DEFAULT_FLOW_LIMITS.maxBytes);
  });
});

/** Of looks in ascending order, what a third exceeds: a machine that is busy elsewhere lets blocks wait in heaps for some of them. */
function usualHighOf(heldBytes: readonly number[]): number {
  return heldBytes[Math.floor((heldBytes.length * 2) / 3)] ?? Number.NaN;
}

/** Pieces of one length for films of any: what is compared is the length of the film. */
async function describeFile(path: string, lengthBytes: number): Promise<TorrentInfo> {
  const hasher = new PieceHasher(PIECE_BYTES, () => createHash('sha1'));
  for await (const chunk of createReadStream(path, { highWaterMark: MIB }) as AsyncIterable<Buffer>) hasher.update(chunk);
  const files = [{ path: [basename(path)], lengthBytes }];
  return buildInfoDictionary({ name: basename(path), files, single: true, pieceLengthBytes: PIECE_BYTES, pieceHashes: hasher.finish() });
}
