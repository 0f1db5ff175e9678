import { createHash } from 'node:crypto';
import { assert } from '@/src/base/assert';
import type { Bytes } from '@/src/base/bytes';
import { UNPACED, type Pace } from '@/src/base/pace';
import type { Clock } from '@/src/base/clock';
import { silentLogger } from '@/src/base/logger';
import { DEFAULT_LIMITS, type EngineLimits } from '@/src/engine/limits';
import { TorrentPlanner } from '@/src/engine/planner';
import { createWebSeedSource, type WebSeedSource } from '@/src/engine/web-seed-source';
import type { WebSeedSnapshot } from '@/src/protocol/engine-api';
import { buildInfoDictionary } from '@/src/protocol/create-torrent';
import { parseInfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import { PieceHasher } from '@/src/protocol/piece-hasher';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { type BencodeWritable, writeBencode } from '@/src/protocol/write-bencode';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import type { TorrentChunks } from '@/src/store/chunk-store';

export const PIECE_BYTES = 16_384;

export interface SeededTorrent {
  readonly info: TorrentInfo;
  readonly bytes: Bytes;
}

/** Bytes that differ from piece to piece. */
export function filmBytes(lengthBytes: number): Bytes {
  return Uint8Array.from({ length: lengthBytes }, (_, index) => (index * 31 + (index >> 8) * 7 + (index >> 14)) & 255);
}

export function seededTorrent(
  files: readonly { readonly path: readonly string[]; readonly lengthBytes: number }[],
  single: boolean,
): SeededTorrent {
  const bytes = filmBytes(files.reduce((total, { lengthBytes }) => total + lengthBytes, 0));
  const hasher = new PieceHasher(PIECE_BYTES);
  hasher.update(bytes);
  const info = buildInfoDictionary({ name: 'film', files, pieceLengthBytes: PIECE_BYTES, pieceHashes: hasher.finish(), single });
  return { info, bytes };
}

export function singleFilm(pieces: number): SeededTorrent {
  return seededTorrent([{ path: ['film'], lengthBytes: (pieces - 1) * PIECE_BYTES + 100 }], true);
}

/** Two files with a padding file between them, so that the second begins with a piece. */
export function paddedTorrent(): SeededTorrent {
  const bytes = filmBytes(PIECE_BYTES + 20_000);
  bytes.fill(0, 10_000, PIECE_BYTES);
  const hasher = new PieceHasher(PIECE_BYTES);
  hasher.update(bytes);
  const infoBytes = writeBencode(
    new Map<string, BencodeWritable>([
      ['name', 'film'],
      ['piece length', PIECE_BYTES],
      ['pieces', hasher.finish()],
      ['files', [fileEntry('one', 10_000), fileEntry('pad', PIECE_BYTES - 10_000, 'p'), fileEntry('two', 20_000)]],
    ]),
  );
  const infoHash = parseInfoHash(createHash('sha1').update(infoBytes).digest('hex'));
  assert(infoHash !== undefined, 'a SHA-1 is an info hash');
  const parsed = parseInfoDictionary(infoBytes, infoHash);
  assert(parsed.ok, 'the torrent is valid');
  return { info: parsed.info, bytes };
}

function fileEntry(name: string, lengthBytes: number, attr = ''): BencodeWritable {
  return new Map<string, BencodeWritable>([
    ['attr', attr],
    ['length', lengthBytes],
    ['path', [name]],
  ]);
}

export interface Seeding {
  readonly planner: TorrentPlanner;
  readonly source: WebSeedSource;
  readonly chunks: TorrentChunks;
  /** Pieces in the order they were verified. */
  readonly order: readonly number[];
  readonly traffic: { readonly downloaded: number; readonly wasted: number };
  /** Resolves once every piece is verified. */
  readonly whenFull: () => Promise<void>;
  /** Resolves once a seed is as described, at once if it is. */
  readonly whenSeed: (url: string, isSo: (seed: WebSeedSnapshot) => boolean) => Promise<WebSeedSnapshot>;
  readonly seed: (url: string) => WebSeedSnapshot | undefined;
  readonly end: () => void;
}

export interface SeedingOptions {
  readonly urls: readonly string[];
  readonly allowedHosts?: readonly string[];
  readonly clock: Clock;
  readonly limits?: Partial<EngineLimits>;
  readonly urgent?: readonly number[];
  readonly pace?: Pace;
}

/** A planner with a memory store and a web seed source on it, not started; everything is wanted. */
export async function seedFilm({ info }: Pick<SeededTorrent, 'info'>, options: SeedingOptions): Promise<Seeding> {
  const { clock, urls } = options;
  const limits: EngineLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const ended = new AbortController();
  const chunks = await createMemoryChunkStore().open(info);
  const order: number[] = [];
  const traffic = { downloaded: 0, wasted: 0 };
  const waiting = new Set<() => void>();
  const lookAgain = (): void => {
    for (const look of waiting) look();
  };
  const planner = new TorrentPlanner({
    info,
    chunks,
    clock,
    limits: limits.claims,
    signal: ended.signal,
    random: () => 0,
    onStoreError: lookAgain,
  });
  planner.setPlan({ urgent: options.urgent ?? [], wanted: [{ first: 0, last: info.pieceCount - 1 }] });
  planner.onVerified((piece) => {
    order.push(piece);
    lookAgain();
  }, ended.signal);
  const source = createWebSeedSource({
    engine: {
      clock,
      random: () => 0,
      sha1: async (bytes) => new Uint8Array(createHash('sha1').update(bytes).digest()),
      logger: silentLogger,
      fetch: (url, init) => fetch(url, init),
    },
    limits,
    planner,
    urls,
    allowedHosts: new Set(options.allowedHosts ?? urls.map((url) => new URL(url).host)),
    signal: ended.signal,
    pace: options.pace ?? UNPACED,
    onChange: lookAgain,
    onTraffic: (kind, bytes) => {
      traffic[kind] += bytes;
      lookAgain();
    },
  });
  const seed = (url: string): WebSeedSnapshot | undefined => source.webSeeds().find((known) => known.url === url);
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    planner,
    source,
    chunks,
    order,
    traffic,
    seed,
    whenFull: async () => {
      await until(() => (planner.verified.isFull ? true : undefined));
    },
    whenSeed: (url, isSo) =>
      until(() => {
        const found = seed(url);
        return found !== undefined && isSo(found) ? found : undefined;
      }),
    end: () => ended.abort(),
  };
}
