import { createHash } from 'node:crypto';
import { silentLogger } from '@/src/base/logger';
import type { Bytes } from '@/src/base/bytes';
import { createEngine } from '@/src/engine/engine';
import type { EngineOptions } from '@/src/engine/engine-options';
import type { EngineLimits } from '@/src/engine/limits';
import type { SessionSnapshot } from '@/src/protocol/engine-api';
import type { PushGrant } from '@/src/protocol/push-grant';
import { magnetLink } from '@/src/protocol/magnet';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { startHostilePeer, type HostileConnection, type HostilePeer } from '@/tests/support/hostile-peer';
import { filledStore, NATIVE_ONLY, openMember, type Member } from '@/tests/support/local-swarm';
import type { FilmContents } from './film-contents';
import { MemoryNetwork } from './memory-connection';
import { MemorySignaling } from './memory-signaling';
import { VirtualTime } from './virtual-time';

const SERVER = 'http://127.0.0.1';
const FRAME_MS = 2;
/** Whatever should happen at all happens within this. */
const LONG_MS = 10 * 60_000;

/** Whole engines that meet in memory while time is the test's: minutes pass in milliseconds, the same way in every run. */
export class VirtualSwarm {
  readonly time = new VirtualTime();
  readonly contents: FilmContents;
  readonly #random: () => number;
  readonly network: MemoryNetwork;
  readonly signaling: MemorySignaling;
  readonly #members: Member[] = [];
  readonly #hostile: HostilePeer[] = [];

  constructor(contents: FilmContents, seed = 1) {
    this.contents = contents;
    this.#random = randomFrom(seed);
    this.network = new MemoryNetwork((deliver) => void this.time.after(FRAME_MS, deliver));
    this.signaling = new MemorySignaling(this.time, this.#random);
  }

  /** An engine that opens the film. */
  async join(limits: Partial<EngineLimits> = {}, store = createMemoryChunkStore()): Promise<Member> {
    const engine = createEngine({ ...this.#engineOptions(limits), store });
    engine.applySettings({ consented: true, signalingUrls: [SERVER], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: true });
    const member = await this.settle(openMember(engine, magnetLink(this.contents.info)));
    this.#members.push(member);
    return member;
  }

  async seed(limits: Partial<EngineLimits> = {}): Promise<Member> {
    const { info, film, hashes } = this.contents;
    return this.join(limits, await filledStore(info, film, undefined, hashes));
  }

  /** A member whose every frame is the test's. */
  hostile(onLink: (connection: HostileConnection) => void, grant?: PushGrant): HostilePeer {
    const { infoHash } = this.contents.info;
    const engine = this.#engineOptions({});
    const peer = startHostilePeer({ signalingUrl: SERVER, infoHash, engine, onLink, ...(grant === undefined ? {} : { grant }) });
    this.#hostile.push(peer);
    return peer;
  }

  /** Lets time pass until the promise is settled. */
  settle<Result>(work: Promise<Result>, atMostMs = LONG_MS): Promise<Result> {
    return this.time.settle(work, atMostMs);
  }

  until(member: Member, fits: (session: SessionSnapshot) => boolean, atMostMs = LONG_MS): Promise<SessionSnapshot> {
    return this.settle(member.until(fits), atMostMs);
  }

  /** Plays the whole film. */
  play(member: Member, atMostMs = LONG_MS): Promise<Bytes> {
    return this.settle(member.read(0, this.contents.film.length), atMostMs);
  }

  async close(): Promise<void> {
    for (const peer of this.#hostile) peer.stop();
    await this.settle(Promise.all(this.#members.map((member) => member.close())));
    // What is still on its way arrives somewhere.
    await this.time.pass(1000);
  }

  #engineOptions(limits: Partial<EngineLimits>): EngineOptions {
    return {
      store: createMemoryChunkStore(),
      createConnection: this.network.createConnection,
      createSignaling: this.signaling.createClient,
      clock: this.time,
      random: this.#random,
      randomBytes: (lengthBytes) => Uint8Array.from({ length: lengthBytes }, () => Math.floor(this.#random() * 256)),
      sha1: async (bytes) => createHash('sha1').update(bytes).digest(),
      sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
      logger: silentLogger,
      limits,
    };
  }
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
