import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { silentLogger } from '@/src/base/logger';
import type { Bytes } from '@/src/base/bytes';
import { createEngine } from '@/src/engine/engine';
import type { EngineOptions } from '@/src/engine/engine-options';
import type { EngineLimits } from '@/src/engine/limits';
import { ContentHasher } from '@/src/protocol/content-hasher';
import { parseInfoHash } from '@/src/protocol/ids';
import { magnetLink } from '@/src/protocol/magnet';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import { writeBencode } from '@/src/protocol/write-bencode';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { startHostilePeer } from '@/tests/support/hostile-peer';
import { describeAs, fakeFilm, filledStore, NATIVE_ONLY, openMember, type Member } from '@/tests/support/local-swarm';
import { MemoryNetwork } from './memory-connection';
import { MemorySignaling } from './memory-signaling';
import { UnrulyPeer, type Contents, type UnrulyScript } from './unruly-peer';
import { VirtualTime } from './virtual-time';

export interface SessionScript extends UnrulyScript {
  readonly seed: number;
  readonly version: 'v1' | 'v2';
  /** How long the offender is alone with its victim. */
  readonly honestAfterMs: number;
}

/** Ten honest minutes would do for a hundred times as much. */
const FINISHED_WITHIN_MS = 10 * 60_000;
/** Far more than a film of 300 KB takes, whatever a peer sends. */
const MAX_BUFFERS_BYTES = 64 * 1024 * 1024;
const LIMITS: Partial<EngineLimits> = { assemblyBytes: 256 * 1024, windowBytes: 128 * 1024 };
const FRAME_MS = 2;

const film = fakeFilm(300_000);
const CONTENTS: Readonly<Record<SessionScript['version'], Contents>> = {
  v1: describedInParts(film),
  v2: { ...describeAs('v2', film, 32 * 1024), film },
};

/**
 * A whole engine finishes a film of an honest one, while a third peer does to both what the script says.
 *
 * @throws {Error} when it does not, takes wrong bytes for right ones, holds too much memory, throws somewhere, or keeps an offender
 */
export async function runFuzzedSession(script: SessionScript): Promise<void> {
  const contents = CONTENTS[script.version];
  const time = new VirtualTime();
  const engineOptions = hostOf(time, script.seed);
  const troubles = collectTroubles();
  const buffersBefore = process.memoryUsage().arrayBuffers;
  const unruly: UnrulyPeer[] = [];
  const members: Member[] = [];
  const hostile = startHostilePeer({
    signalingUrl: 'http://127.0.0.1',
    infoHash: contents.info.infoHash,
    engine: engineOptions(),
    onLink: (connection) => void unruly.push(new UnrulyPeer(connection, script, contents, time)),
  });
  try {
    const join = async (options: EngineOptions): Promise<Member> => {
      const engine = createEngine(options);
      engine.applySettings({ consented: true, signalingUrls: ['http://127.0.0.1'], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: true });
      const member = await openMember(engine, magnetLink(contents.info));
      members.push(member);
      return member;
    };
    const victim = await time.settle(join(engineOptions()), FINISHED_WITHIN_MS);
    const reading = time.settle(victim.read(0, contents.film.length), FINISHED_WITHIN_MS);
    time.after(
      script.honestAfterMs,
      () => void filledStore(contents.info, contents.film, undefined, contents.hashes).then((store) => join({ ...engineOptions(), store })),
    );
    assert.ok(equal(await reading, contents.film), 'the film is what it was');
    const heldBytes = process.memoryUsage().arrayBuffers - buffersBefore;
    assert.ok(heldBytes < MAX_BUFFERS_BYTES, `${heldBytes} bytes of buffers`);
    await time.pass(1000);
    offendersAreGone(unruly);
  } finally {
    hostile.stop();
    await time.settle(Promise.all(members.map((member) => member.close())), FINISHED_WITHIN_MS);
    await time.pass(1000);
    troubles.stop();
  }
  assert.deepEqual(troubles.found, []);
}

/** For good: whoever dropped it is not linked to it again. */
function offendersAreGone(links: readonly UnrulyPeer[]): void {
  const offended = new Map<string, string>();
  for (const { peerId, offence, isClosed } of links) {
    const rule = offence ?? offended.get(peerId);
    if (rule !== undefined) offended.set(peerId, rule);
    assert.ok(rule === undefined || isClosed, `who broke ${rule} is still linked`);
  }
}

function hostOf(time: VirtualTime, seed: number): () => EngineOptions {
  let state = seed >>> 0;
  const random = (): number => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const network = new MemoryNetwork((deliver) => void time.after(FRAME_MS, deliver));
  const signaling = new MemorySignaling(time, random);
  return () => ({
    store: createMemoryChunkStore(),
    createConnection: network.createConnection,
    createSignaling: signaling.createClient,
    clock: time,
    random,
    randomBytes: (lengthBytes) => Uint8Array.from({ length: lengthBytes }, () => Math.floor(random() * 256)),
    sha1: async (bytes) => createHash('sha1').update(bytes).digest(),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
    logger: silentLogger,
    limits: LIMITS,
  });
}

/** What nobody catches: in a browser it would go to the console, and the engine would go on with half of its work undone. */
function collectTroubles(): { readonly found: string[]; stop(): void } {
  const found: string[] = [];
  const note = (error: unknown): void => void found.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  return {
    found,
    stop() {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    },
  };
}

/** A v1 torrent whose dictionary takes three parts to fetch. */
function describedInParts(bytes: Bytes): Contents {
  const hasher = new ContentHasher({
    kind: 'v1',
    files: [{ path: ['film.bin'], lengthBytes: bytes.length }],
    pieceLengthBytes: 32 * 1024,
    startHash: (algorithm) => createHash(algorithm),
  });
  hasher.update(bytes);
  hasher.endFile();
  const { pieceHashes = new Uint8Array() } = hasher.finish();
  const infoBytes = writeBencode(
    new Map<string, string | number | Uint8Array>([
      ['filler', new Uint8Array(40_000)],
      ['length', bytes.length],
      ['name', 'film.bin'],
      ['piece length', 32 * 1024],
      ['pieces', pieceHashes],
    ]),
  );
  const infoHash = parseInfoHash(createHash('sha1').update(infoBytes).digest('hex'));
  const result = infoHash === undefined ? undefined : parseInfoDictionary(infoBytes, infoHash);
  assert.ok(result?.ok === true);
  return { info: result.info, film: bytes, hashes: undefined };
}

function equal(left: Bytes, right: Bytes): boolean {
  return Buffer.compare(left, right) === 0;
}
