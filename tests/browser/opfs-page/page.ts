import { StoreError, type ChunkStore } from '@/src/store/chunk-store';
import { createOpfsChunkStore } from '@/src/store/opfs-chunk-store';
import { startOpfsStore } from '@/src/store/start-opfs-store';
import { checkBytes, checkEqual, checkRejects } from '@/tests/contract/check';
import { chunkStoreCases } from '@/tests/contract/chunk-store-cases';
import { sampleTorrent } from '@/tests/contract/sample-torrent';
import { OpfsHarness } from './opfs-harness';
import { transferLargePieces } from './large-pieces';

declare global {
  interface Window {
    /** Given by the test: sets what the browser grants this origin, in bytes; its default when null. */
    setQuota(quotaBytes: number | null): Promise<void>;
    /** What the test may run here; each rejects when it finds something wrong. */
    opfs: typeof runs;
  }
}

const MIB = 1024 * 1024;

/** The browser counts paths and what it reserves for the store's own small files, too. */
const OVERHEAD_BYTES = 2 * MIB;

async function limitRoom(roomBytes: number | undefined): Promise<void> {
  const { usage = 0 } = await navigator.storage.estimate();
  await window.setQuota(roomBytes === undefined ? null : usage + roomBytes + OVERHEAD_BYTES);
}

async function inHarness(run: (harness: OpfsHarness) => Promise<void>): Promise<void> {
  const harness = new OpfsHarness(limitRoom);
  try {
    await run(harness);
  } finally {
    await harness.dispose();
  }
}

function storeInWorker(script: string): ChunkStore {
  return createOpfsChunkStore(new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))));
}

const sample = sampleTorrent();

const runs = {
  contractCase: async (name: string) => {
    const found = chunkStoreCases.find((storeCase) => storeCase.name === name);
    if (found === undefined) throw new Error(`there is no case "${name}"`);
    await inHarness((harness) => found.run(harness));
  },
  buffersChangeHands: () =>
    inHarness(async (harness) => {
      const chunks = await (await harness.create()).open(sample.info);
      const piece = sample.piece(0);
      const written = await chunks.write(0, piece);
      checkEqual(piece.length, 0, 'length of a buffer that was given away');
      checkBytes(written ?? new Uint8Array(), sample.piece(0), 'piece in the buffer that came back');
      checkEqual(sample.info.infoBytes.length > 0, true, 'info dictionary still ours');
      checkBytes(await chunks.read(0, 1000), sample.piece(0), 'piece');
    }),
  otherEngineHoldsOn: () =>
    inHarness(async (harness) => {
      const first = await harness.create();
      await first.open(sample.info);
      const second = harness.start();
      await checkRejects(second.open(sample.info), 'busy');
      await first.close();
      await second.open(sample.info);
    }),
  otherEngineLetsGo: () =>
    inHarness(async (harness) => {
      const first = await harness.create();
      const held = await first.open(sample.info);
      await held.write(0, sample.piece(0));
      const opening = harness.start().open(sample.info);
      await first.close();
      checkEqual((await opening).verifiedAtOpen.has(0), true, 'piece of the engine before');
    }),
  workerDies: async () => {
    const store = storeInWorker('onmessage = () => { throw new Error("out of order"); };');
    await Promise.all([checkRejects(store.open(sample.info), 'io'), checkRejects(store.list(), 'io')]);
    await checkRejects(store.list(), 'io');
    await checkRejects(store.close(), 'io');
    await checkRejects(store.list(), 'closed');
  },
  workerNeverStarts: async () => {
    await checkRejects(storeInWorker('this is not a program').open(sample.info), 'io');
    await checkRejects(createOpfsChunkStore(new Worker('/nothing-there.js')).list(), 'io');
  },
  largePieces: async (pieceLengthBytes: number, totalBytes: number) =>
    await transferLargePieces(startOpfsStore(), pieceLengthBytes, totalBytes),
  idleExtentsGiveRoomBack: () =>
    inHarness(async (harness) => {
      // Three extents with 3 MiB each, for which 4 MiB each are reserved as long as they are open.
      const large = sampleTorrent({ pieceLengthBytes: MIB, totalBytes: 192 * MIB });
      const chunks = await (await harness.create(10 * MIB)).open(large.info);
      for (const piece of [0, 1, 2, 64, 65, 66, 128, 129, 130]) await chunks.write(piece, large.piece(piece));
      for (const piece of [0, 66, 130]) checkBytes(await chunks.read(piece * MIB, MIB), large.piece(piece), `piece ${piece}`);
    }),
  errorsKeepTheirKind: () =>
    inHarness(async (harness) => {
      const chunks = await (await harness.create()).open(sample.info);
      const error = await chunks.read(0, 1).catch((error: unknown) => error);
      checkEqual(error instanceof StoreError && error.message.includes('Piece 0'), true, 'a StoreError with its sentence');
    }),
};

window.opfs = runs;
