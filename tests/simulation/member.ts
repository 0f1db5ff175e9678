import { silentLogger } from '@/src/base/logger';
import { createEngine } from '@/src/engine/engine';
import type { Engine } from '@/src/engine/engine-interface';
import type { EngineLimits } from '@/src/engine/limits';
import type { EngineCalls, EngineSnapshot, SessionId, SessionSnapshot } from '@/src/protocol/engine-api';
import type { Film } from './film';
import { FilmStore } from './film-store';
import { Host, type HostFacts } from './host';
import type { SeededRandom } from './seeded-random';
import type { SimulatedRendezvous } from './simulated-negotiation';
import type { SimulatedSignalingServer } from './simulated-signaling';
import type { VirtualClock } from './virtual-clock';

/** Near enough to nothing: what is asked of a free rider never comes. */
const FREE_RIDER_BYTES_PER_SECOND = 1;

export interface World {
  readonly clock: VirtualClock;
  readonly film: Film;
  readonly rendezvous: SimulatedRendezvous;
  readonly server: SimulatedSignalingServer;
}

/** One machine with the real engine, which knows nothing of the simulation. */
export class Member {
  readonly host: Host;
  readonly engine: Engine;
  readonly #calls: EngineCalls;
  readonly #tab = new AbortController();
  #snapshot: EngineSnapshot | undefined;
  #closing: Promise<void> | undefined;

  constructor(world: World, facts: HostFacts, random: SeededRandom) {
    const { clock, film, rendezvous, server } = world;
    const { kind } = facts;
    this.host = new Host(facts, clock);
    const limits: Partial<EngineLimits> = kind === 'free-rider' ? { uploadBytesPerSecond: FREE_RIDER_BYTES_PER_SECOND } : {};
    this.engine = createEngine({
      store: new FilmStore(film, kind === 'seeder' ? 'all' : kind === 'liar' ? 'lies' : 'nothing'),
      createConnection: () => {
        throw new Error('there is no WebRTC here');
      },
      createNegotiation: (options) => rendezvous.open(this.host, options),
      createSignaling: (url, signal) => server.connect(url, this.host, signal),
      clock,
      random: random.random,
      randomBytes: random.bytes,
      sha1: (bytes) => film.sha1(bytes),
      sha256: () => Promise.reject(new Error('the film is of BitTorrent v1')),
      logger: silentLogger,
      limits,
    });
    this.engine.applySettings({
      consented: true,
      signalingUrls: ['https://signaling.example'],
      iceServers: [],
      defaultMode: 'webrtc',
      trackers: [],
      allowLocalPeers: false,
    });
    this.#calls = this.engine.connectClient({ snapshot: (snapshot) => (this.#snapshot = snapshot) }, this.#tab.signal);
  }

  async open(magnet: string): Promise<SessionId> {
    const { sessionId } = await this.#calls.openSession({ magnet });
    return sessionId;
  }

  async pictureShown(sessionId: SessionId): Promise<void> {
    await this.#calls.pictureShown({ sessionId });
  }

  /** How the session stands now. */
  async look(sessionId: SessionId): Promise<SessionSnapshot | undefined> {
    await this.#calls.watch({ kind: 'session', sessionId });
    await this.#calls.watch({ kind: 'none' });
    return this.#snapshot?.sessions[0];
  }

  /** The engine goes on for as long as it lingers without a tab. */
  closeTab(): void {
    this.#tab.abort();
  }

  quit(): Promise<void> {
    this.#tab.abort();
    this.#closing ??= this.engine.close();
    return this.#closing;
  }

  vanish(): Promise<void> {
    this.host.vanish();
    return this.quit();
  }
}
