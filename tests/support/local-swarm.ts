import { createHash } from 'node:crypto';
import { silentLogger } from '@/src/base/logger';
import type { Bytes } from '@/src/base/bytes';
import type { Engine } from '@/src/engine/engine-interface';
import type { EngineLimits } from '@/src/engine/limits';
import { createNodeEngine } from '@/src/host/node-engine';
import { ContentHasher, type TorrentKind } from '@/src/protocol/content-hasher';
import { buildInfoDictionary } from '@/src/protocol/create-torrent';
import type { EngineCalls, EngineSettings, EngineSnapshot, SessionId, SessionSnapshot } from '@/src/protocol/engine-api';
import { magnetLink } from '@/src/protocol/magnet';
import { PieceHasher } from '@/src/protocol/piece-hasher';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { ChunkStore } from '@/src/store/chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { SharedFiles, withSharedFiles } from '@/src/store/shared-files';
import { readConfig } from '@/signaling-server/src/config';
import { createSignalingServer, type SignalingServer } from '@/signaling-server/src/create-server';

/** Of the settings: only the native swarm, so that a test looks at it alone. */
export const NATIVE_ONLY = { defaultMode: 'webrtc', trackers: [] } as const;

/** Bytes that look random and are the same in every run. */
export function fakeFilm(lengthBytes: number, seed = 1): Bytes {
  const bytes = new Uint8Array(lengthBytes);
  let state = seed;
  for (let at = 0; at < lengthBytes; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** @param name by default one that nothing can play: then nothing is fetched before a test chooses it */
export function describeFilm(film: Bytes, pieceLengthBytes: number, name = 'film.bin'): TorrentInfo {
  return describeBytes(film, pieceLengthBytes, { name, files: [{ path: [name], lengthBytes: film.length }], single: true });
}

/** The same bytes as a folder of two files. */
export function describeTwoFiles(bytes: Bytes, pieceLengthBytes: number): TorrentInfo {
  const firstBytes = bytes.length >> 1;
  const files = [firstBytes, bytes.length - firstBytes].map((lengthBytes, index) => ({ path: [`part-${index}.bin`], lengthBytes }));
  return describeBytes(bytes, pieceLengthBytes, { name: 'parts', files, single: false });
}

type Naming = Pick<Parameters<typeof buildInfoDictionary>[0], 'name' | 'files' | 'single'>;

function describeBytes(bytes: Bytes, pieceLengthBytes: number, naming: Naming): TorrentInfo {
  const hasher = new PieceHasher(pieceLengthBytes, () => createHash('sha1'));
  hasher.update(bytes);
  return buildInfoDictionary({ ...naming, pieceLengthBytes, pieceHashes: hasher.finish() });
}

/** The same as a torrent of another version; with its piece layers. */
export function describeAs(
  kind: TorrentKind,
  film: Bytes,
  pieceLengthBytes: number,
  name = 'film.bin',
): { info: TorrentInfo; hashes: Bytes | undefined } {
  const files = [{ path: [name], lengthBytes: film.length }];
  const hasher = new ContentHasher({ kind, files, pieceLengthBytes, startHash: (algorithm) => createHash(algorithm) });
  hasher.update(film);
  hasher.endFile();
  const { hashes, ...hashed } = hasher.finish();
  return { info: buildInfoDictionary({ name, pieceLengthBytes, single: true, ...hashed }), hashes };
}

/** A store that holds a whole film already, or some pieces of it; of a v2 torrent with the layers that go with it. */
export async function filledStore(
  info: TorrentInfo,
  film: Bytes,
  holds: (piece: number) => boolean = () => true,
  hashes?: Bytes,
  store = createMemoryChunkStore(),
): Promise<ChunkStore> {
  const chunks = await store.open(info);
  if (hashes !== undefined) await chunks.saveHashes(hashes);
  for (let piece = 0; piece < info.pieceCount; piece++) {
    if (!holds(piece)) continue;
    const start = piece * info.pieceLengthBytes;
    await chunks.write(piece, film.slice(start, start + pieceSizeBytes(info, piece)));
  }
  await chunks.close();
  return store;
}

export interface Member {
  readonly engine: Engine;
  readonly calls: EngineCalls;
  readonly sessionId: SessionId;
  /** Resolves with the first snapshot of the session, from now on, that fits. */
  until(fits: (session: SessionSnapshot) => boolean): Promise<SessionSnapshot>;
  /** Reads from a byte of the first file on. */
  read(startBytes: number, lengthBytes: number): Promise<Bytes>;
  /** Closes its only tab; the engine runs on. */
  leave(): void;
  close(): Promise<void>;
}

/** Real engines in this process that meet at a real signaling server and link by real WebRTC over loopback. */
export class LocalSwarm {
  readonly film: Bytes;
  readonly info: TorrentInfo;
  /** Piece layers of a v2 torrent. */
  readonly hashes: Bytes | undefined;
  readonly magnet: string;
  readonly #members: Member[] = [];
  server: SignalingServer;

  private constructor(film: Bytes, { info, hashes }: { info: TorrentInfo; hashes: Bytes | undefined }, server: SignalingServer) {
    this.film = film;
    this.info = info;
    this.hashes = hashes;
    this.server = server;
    this.magnet = magnetLink(info);
  }

  static async start(
    lengthBytes = 3_000_000,
    pieceLengthBytes = 64 * 1024,
    { kind = 'v1', name }: { readonly kind?: TorrentKind; readonly name?: string } = {},
  ): Promise<LocalSwarm> {
    const film = fakeFilm(lengthBytes);
    return new LocalSwarm(film, describeAs(kind, film, pieceLengthBytes, name), await startServer(0));
  }

  async seed(limits: Partial<EngineLimits> = {}, magnet = this.magnet): Promise<Member> {
    return this.join(await this.store(), limits, {}, magnet);
  }

  /** One that holds the whole film. */
  store(): Promise<ChunkStore> {
    return filledStore(this.info, this.film, () => true, this.hashes);
  }

  async join(
    store: ChunkStore,
    limits: Partial<EngineLimits> = {},
    settings: Partial<EngineSettings> = {},
    magnet = this.magnet,
    freeBytes?: () => Promise<number>,
  ): Promise<Member> {
    const engine = createNodeEngine({ store, logger: silentLogger, limits, ...(freeBytes === undefined ? {} : { freeBytes }) });
    return this.#open(engine, settings, magnet);
  }

  /** One that can share files as pages do. */
  async joinWithShared(): Promise<Member> {
    const sharedFiles = new SharedFiles();
    const store = withSharedFiles(createMemoryChunkStore(), sharedFiles);
    return this.#open(createNodeEngine({ store, sharedFiles, logger: silentLogger }), {}, this.magnet);
  }

  async #open(engine: Engine, settings: Partial<EngineSettings>, magnet: string): Promise<Member> {
    engine.applySettings({
      consented: true,
      signalingUrls: [this.server.url],
      iceServers: [],
      ...NATIVE_ONLY,
      allowLocalPeers: false,
      ...settings,
    });
    const member = await openMember(engine, magnet);
    this.#members.push(member);
    return member;
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
    await this.server.close();
  }
}

export function startServer(port: number): Promise<SignalingServer> {
  return createSignalingServer(readConfig({ PORT: String(port), LOG_LEVEL: 'silent' }));
}

export async function openMember(engine: Engine, magnet: string): Promise<Member> {
  const abort = new AbortController();
  const waiting = new Set<(snapshot: EngineSnapshot) => void>();
  let last: EngineSnapshot | undefined;
  const calls = engine.connectClient(
    {
      snapshot(snapshot) {
        last = snapshot;
        for (const tell of waiting) tell(snapshot);
      },
    },
    abort.signal,
  );
  const { sessionId } = await calls.openSession({ magnet });
  await calls.watch({ kind: 'session', sessionId });
  let closing: Promise<void> | undefined;
  return {
    engine,
    calls,
    sessionId,
    until: (fits) =>
      new Promise((resolve) => {
        const tell = ({ sessions: [session] }: EngineSnapshot): void => {
          if (session === undefined || !fits(session)) return;
          waiting.delete(tell);
          resolve(session);
        };
        waiting.add(tell);
        if (last !== undefined) tell(last);
      }),
    async read(startBytes, lengthBytes) {
      const reading = new AbortController();
      const stream = await engine.openStream({ sessionId, fileIndex: 0, startBytes }, reading.signal);
      const bytes = new Uint8Array(Math.min(lengthBytes, stream.fileLengthBytes - startBytes));
      for (let at = 0; at < bytes.length;) {
        const run = await stream.read(Math.min(512 * 1024, bytes.length - at));
        bytes.set(run, at);
        at += run.length;
      }
      reading.abort();
      return bytes;
    },
    leave: () => abort.abort(),
    close: () => {
      abort.abort();
      closing ??= engine.close();
      return closing;
    },
  };
}
