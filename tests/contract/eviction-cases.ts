import { roomBytes } from '@/src/store/torrent-geometry';
import { Bitfield } from '@/src/base/bitfield';
import { allPieces, checkRun, writePieces } from './basic-cases';
import { checkBytes, checkEqual, checkRejects } from './check';
import { sampleTorrent, type SampleTorrent } from './sample-torrent';
import { persistentCase, roomCase, storeCase } from './store-harness';

function bits(sample: SampleTorrent, pieces: readonly number[]): Bitfield {
  const field = new Bitfield(sample.info.pieceCount);
  for (const piece of pieces) field.add(piece);
  return field;
}

const notes = new TextEncoder().encode('watched until the end');

export const evictionCases = [
  storeCase('an evicted piece is missing at once, and the others are not', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    const evicting = chunks.evict([0, 1, 2, 9]);
    await checkRejects(chunks.read(2999, 2), 'missing');
    await evicting;
    await checkRejects(chunks.read(9000, 1), 'missing');
    await checkRun(chunks, sample, 3000, 6000);
    const room = roomBytes(sample.info, bits(sample, [3, 4, 5, 6, 7, 8]), chunks.piecesPerUnit);
    checkEqual(await store.list(), [{ infoHash: sample.info.infoHash, storedBytes: 6000, roomBytes: room }], 'list');
  }),
  storeCase('an evicted piece may be written again', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    await Promise.all([chunks.evict([4, 5]), chunks.write(4, sample.piece(4))]);
    await checkRun(chunks, sample, 4000, 1000);
    await checkRejects(chunks.read(5000, 1), 'missing');
    await chunks.evict([9, 8, 7, 6, 4, 3, 2, 1, 0]);
    await writePieces(chunks, sample, allPieces(sample));
    await checkRun(chunks, sample, 0, 9500);
  }),
  storeCase('evicting what is not held changes nothing', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await chunks.write(1, sample.piece(1));
    await chunks.evict([0, 5]);
    await chunks.evict([]);
    await checkRun(chunks, sample, 1000, 1000);
  }),
  storeCase('a read that began before an eviction still gets its bytes', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    const reading = chunks.read(0, 9500);
    await chunks.evict(allPieces(sample));
    checkBytes(await reading, sample.run(0, 9500), 'what was read');
  }),
  storeCase('pieces written and evicted all at once end as the last call left them', async (harness) => {
    const sample = sampleTorrent({ pieceLengthBytes: 500, totalBytes: 49_900 });
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    await Promise.all(
      allPieces(sample).map(async (piece) => {
        await chunks.evict([piece]);
        if (piece % 3 === 0) await chunks.write(piece, sample.piece(piece));
        if (piece % 7 === 0) await chunks.commit();
      }),
    );
    for (const piece of allPieces(sample)) {
      if (piece % 3 === 0) await checkRun(chunks, sample, piece * 500, Math.min(500, 49_900 - piece * 500));
      else await checkRejects(chunks.read(piece * 500, 1), 'missing');
    }
  }),
  storeCase('a closed torrent evicts nothing', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await chunks.write(0, sample.piece(0));
    await chunks.close();
    await checkRejects(chunks.evict([0]), 'closed');
    const again = await store.open(sample.info);
    await checkRun(again, sample, 0, 1000);
  }),
  storeCase('notes about a torrent are kept as they were saved last, and go with it', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    await store.saveIndex(sample.info.infoHash, notes.slice());
    checkEqual(await store.loadIndex(sample.info.infoHash), undefined, 'notes of an unknown torrent');
    checkEqual(await store.list(), [], 'list');
    const chunks = await store.open(sample.info);
    await store.saveIndex(sample.info.infoHash, new Uint8Array(5000));
    await store.saveIndex(sample.info.infoHash, notes.slice());
    checkBytes((await store.loadIndex(sample.info.infoHash)) ?? new Uint8Array(), notes, 'notes while open');
    await chunks.close();
    checkBytes((await store.loadIndex(sample.info.infoHash)) ?? new Uint8Array(), notes, 'notes when closed');
    await store.remove(sample.info.infoHash);
    checkEqual(await store.loadIndex(sample.info.infoHash), undefined, 'notes of a removed torrent');
  }),
  roomCase('evicted pieces give their room to others', async (harness) => {
    const pieceLengthBytes = harness.roomUnitBytes ?? 50_000;
    const totalBytes = 8 * pieceLengthBytes;
    const first = sampleTorrent({ seed: 1, pieceLengthBytes, totalBytes });
    const second = sampleTorrent({ seed: 2, pieceLengthBytes, totalBytes });
    const store = await harness.create(12 * pieceLengthBytes);
    const old = await store.open(first.info);
    await writePieces(old, first, allPieces(first));
    await old.evict(allPieces(first).slice(2));
    const chunks = await store.open(second.info);
    await writePieces(chunks, second, allPieces(second));
    await checkRun(chunks, second, 0, totalBytes);
    await checkRun(old, first, 0, 2 * pieceLengthBytes);
  }),
  persistentCase('what was evicted stays missing after a crash', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    await chunks.commit();
    await chunks.evict([0, 1, 2, 3]);
    await writePieces(chunks, sample, [2]);
    const again = await (await persistence.crash(store)).open(sample.info);
    checkEqual(
      allPieces(sample).filter((piece) => again.verifiedAtOpen.has(piece)),
      [4, 5, 6, 7, 8, 9],
      'pieces',
    );
    await checkRun(again, sample, 4000, 5500);
  }),
  persistentCase('pieces of a store that was closed are proven, those of one that was not are not', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    checkEqual(chunks.unproven.count, 0, 'unproven pieces of a new torrent');
    await writePieces(chunks, sample, [0, 1]);
    await store.close();
    const second = await persistence.reopen();
    const reopened = await second.open(sample.info);
    checkEqual(reopened.unproven.count, 0, 'unproven pieces after a close');
    await writePieces(reopened, sample, [2, 3]);
    await reopened.commit();
    const third = await persistence.crash(second);
    const crashed = await third.open(sample.info);
    checkEqual(
      allPieces(sample).filter((piece) => crashed.unproven.has(piece)),
      [2, 3],
      'unproven pieces after a crash',
    );
    crashed.prove(2);
    await writePieces(crashed, sample, [4]);
    await third.close();
    const last = await (await persistence.reopen()).open(sample.info);
    checkEqual(
      allPieces(sample).filter((piece) => last.unproven.has(piece)),
      [3],
      'unproven pieces once one was verified again',
    );
    checkEqual(last.verifiedAtOpen.count, 5, 'pieces');
  }),
  persistentCase('a piece that is evicted and written again is proven by closing', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    await writePieces(chunks, sample, [5]);
    await chunks.commit();
    const second = await persistence.crash(store);
    const crashed = await second.open(sample.info);
    await crashed.evict([5]);
    await writePieces(crashed, sample, [5]);
    await second.close();
    const last = await (await persistence.reopen()).open(sample.info);
    checkEqual([last.verifiedAtOpen.has(5), last.unproven.has(5)], [true, false], 'the piece');
    await checkRun(last, sample, 5000, 1000);
  }),
];
