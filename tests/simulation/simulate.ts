import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { makeFilm } from './film';
import type { HostKind } from './host';
import { Member } from './member';
import { sparseParcels, wholeParcels } from './parcels';
import { makePopulation, makeSeeder } from './population';
import { makeReport, type SimulationReport } from './report';
import { SeededRandom } from './seeded-random';
import { SimulatedRendezvous } from './simulated-negotiation';
import { SimulatedSignalingServer } from './simulated-signaling';
import { VirtualClock } from './virtual-clock';
import { visit, type ViewerRecord } from './viewer';

const BITS_PER_SECOND = 2_500_000;
const SEEDER_BITRATES = 10;
/** With more of them only the lengths of blocks travel. */
export const MAX_WITH_PAYLOAD = 200;

export interface SimulationOptions {
  readonly peers: number;
  readonly seed: number;
  readonly filmS: number;
  /** Left out: as Lodestream chooses it. */
  readonly pieceLengthBytes?: number;
  /** Whether only the lengths of blocks travel. */
  readonly sparse: boolean;
  readonly liarShare: number;
  readonly freeRiderShare: number;
  readonly uplinkFactor: number;
  /** Called every so often. */
  onProgress?(progress: SimulationProgress): void;
}

export interface SimulationProgress {
  readonly virtualS: number;
  readonly arrived: number;
  readonly left: number;
  readonly turns: number;
}

const PROGRESS_MS = 10_000;

/** A film's first viewers, from the moment it appears until the last of them has left. The same options give the same report. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { peers, seed, filmS, pieceLengthBytes, sparse, liarShare, freeRiderShare, uplinkFactor } = options;
  const clock = new VirtualClock();
  const film = makeFilm(
    { lengthS: filmS, bitsPerSecond: BITS_PER_SECOND, sparse, ...(pieceLengthBytes === undefined ? {} : { pieceLengthBytes }) },
    seed,
  );
  const sentBytes: Record<HostKind, number> = { seeder: 0, viewer: 0, 'free-rider': 0, liar: 0 };
  const rendezvous = new SimulatedRendezvous({
    clock,
    parcels: sparse ? sparseParcels() : wholeParcels,
    onBlock: (from, to, frameBytes) => {
      if (to.facts.kind !== 'liar') sentBytes[from.facts.kind] += frameBytes;
    },
  });
  const server = new SimulatedSignalingServer(clock, new SeededRandom(seed, 3));
  const world = { clock, film, rendezvous, server };
  const people = makePopulation(
    { count: peers, filmMs: filmS * 1000, bytesPerMs: film.bytesPerMs, liarShare, freeRiderShare, uplinkFactor },
    new SeededRandom(seed, 4),
  );
  const records: ViewerRecord[] = [];
  let arrived = 0;
  let failure: unknown;

  const seeder = new Member(world, makeSeeder(film.bytesPerMs, SEEDER_BITRATES), new SeededRandom(seed, 5));
  await seeder.open(film.magnet);
  for (const [index, person] of people.entries()) {
    clock.after(person.arrivesAtMs, () => {
      arrived++;
      visit(world, person, new SeededRandom(seed, 6 + index), DEFAULT_LIMITS.lingerMs).then(
        (record) => records.push(record),
        (error: unknown) => (failure = error),
      );
    });
  }
  const tellProgress = (): void => {
    options.onProgress?.({ virtualS: Math.round(clock.elapsedMs / 1000), arrived, left: records.length, turns: clock.turns });
    clock.after(PROGRESS_MS, tellProgress);
  };
  tellProgress();
  await clock.run(() => records.length === people.length || failure !== undefined);
  if (failure !== undefined) throw failure;
  return makeReport({ seed, records, sentBytes, signalingMessages: server.messages, virtualMs: clock.elapsedMs });
}
