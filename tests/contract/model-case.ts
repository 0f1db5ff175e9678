import fc from 'fast-check';
import type { ChunkStore, TorrentChunks } from '@/src/store/chunk-store';
import { checkBytes, checkEqual, checkRejects } from './check';
import { sampleTorrent } from './sample-torrent';
import { storeCase, type StoreHarness } from './store-harness';

const SEED = 20_240_607;
const RUNS = 25;
const sample = sampleTorrent({ pieceLengthBytes: 700, totalBytes: 13_000 });
const { pieceCount, totalBytes } = sample.info;

type Step =
  | { readonly kind: 'write' | 'evict'; readonly piece: number }
  | { readonly kind: 'read'; readonly from: number; readonly to: number }
  | { readonly kind: 'commit' | 'close' | 'remove' | 'restart' | 'crash' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('write'), piece: fc.nat(pieceCount - 1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('evict'), piece: fc.nat(pieceCount - 1) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read'), from: fc.nat(totalBytes), to: fc.nat(totalBytes) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('commit', 'close') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('remove', 'restart', 'crash') }) },
);

/** Sets of pieces are all a store is, seen from outside. */
class Model {
  readonly held = new Set<number>();
  readonly durable = new Set<number>();

  commit(): void {
    for (const piece of this.held) this.durable.add(piece);
  }

  /** After a crash anything between what was durable and what was held may be there. */
  reset(pieces: Iterable<number>): void {
    this.held.clear();
    this.durable.clear();
    for (const piece of pieces) this.held.add(piece);
    this.commit();
  }

  hasRun(from: number, to: number): boolean {
    for (let byte = from; byte < to; byte++) if (!this.held.has(Math.floor(byte / 700))) return false;
    return true;
  }
}

class Subject {
  readonly #harness: StoreHarness;
  readonly #model = new Model();
  #store: ChunkStore;
  #chunks: TorrentChunks;

  private constructor(harness: StoreHarness, store: ChunkStore, chunks: TorrentChunks) {
    this.#harness = harness;
    this.#store = store;
    this.#chunks = chunks;
  }

  static async create(harness: StoreHarness): Promise<Subject> {
    const store = await harness.create();
    return new Subject(harness, store, await store.open(sample.info));
  }

  async take(next: Step): Promise<void> {
    const { persistence } = this.#harness;
    switch (next.kind) {
      case 'write':
        await this.#chunks.write(next.piece, sample.piece(next.piece));
        this.#model.held.add(next.piece);
        break;
      case 'evict':
        await this.#chunks.evict([next.piece]);
        this.#model.held.delete(next.piece);
        this.#model.durable.delete(next.piece);
        break;
      case 'read':
        await this.#checkRead(Math.min(next.from, next.to), Math.max(next.from, next.to));
        break;
      case 'commit':
        await this.#chunks.commit();
        this.#model.commit();
        break;
      case 'close':
        await this.#chunks.close();
        this.#model.commit();
        await this.#reopen();
        break;
      case 'remove':
        await this.#chunks.close();
        await this.#store.remove(sample.info.infoHash);
        this.#model.reset([]);
        await this.#reopen();
        break;
      case 'restart':
        if (persistence === undefined) break;
        await this.#store.close();
        this.#model.commit();
        this.#store = await persistence.reopen();
        await this.#reopen();
        break;
      case 'crash':
        if (persistence === undefined) break;
        this.#store = await persistence.crash(this.#store);
        await this.#reopen();
        break;
    }
  }

  async finish(): Promise<void> {
    for (let piece = 0; piece < pieceCount; piece++) await this.#checkRead(piece * 700, Math.min(piece * 700 + 700, totalBytes));
    await this.#store.close();
  }

  async #checkRead(from: number, to: number): Promise<void> {
    if (this.#model.hasRun(from, to)) checkBytes(await this.#chunks.read(from, to - from), sample.run(from, to - from), 'the run');
    else await checkRejects(this.#chunks.read(from, to - from), 'missing');
  }

  async #reopen(): Promise<void> {
    this.#chunks = await this.#store.open(sample.info);
    const found = Array.from({ length: pieceCount }, (_, piece) => piece).filter((piece) => this.#chunks.verifiedAtOpen.has(piece));
    const invented = found.filter((piece) => !this.#model.held.has(piece));
    const lost = [...this.#model.durable].filter((piece) => !found.includes(piece));
    checkEqual({ invented, lost }, { invented: [], lost: [] }, 'pieces after reopening');
    this.#model.reset(found);
  }
}

/** Each run begins with an empty medium: `create` of a harness makes one. */
export const modelCase = storeCase('any sequence of steps leaves what a plain set of pieces would', async (harness) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const subject = await Subject.create(harness);
      for (const next of steps) await subject.take(next);
      await subject.finish();
    }),
    { seed: SEED, numRuns: RUNS },
  );
});
