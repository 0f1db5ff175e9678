import type { ChunkStore, StoredTorrent, TorrentChunks } from '@/src/store/chunk-store';
import { checkBytes, checkEqual, checkRejects, rejectionOf } from './check';
import { sampleTorrent, type SampleTorrent } from './sample-torrent';
import { roomCase, storeCase } from './store-harness';

export async function writePieces(chunks: TorrentChunks, sample: SampleTorrent, pieces: Iterable<number>): Promise<void> {
  for (const piece of pieces) await chunks.write(piece, sample.piece(piece));
}

export async function checkRun(chunks: TorrentChunks, sample: SampleTorrent, offsetBytes: number, lengthBytes: number): Promise<void> {
  checkBytes(await chunks.read(offsetBytes, lengthBytes), sample.run(offsetBytes, lengthBytes), `${lengthBytes} bytes at ${offsetBytes}`);
}

/** Without the room, which depends on how an implementation lays pieces out. */
export async function sizesOf(store: ChunkStore): Promise<Omit<StoredTorrent, 'roomBytes'>[]> {
  return (await store.list()).map(({ infoHash, storedBytes }) => ({ infoHash, storedBytes }));
}

export function allPieces(sample: SampleTorrent): number[] {
  return Array.from({ length: sample.info.pieceCount }, (_, piece) => piece);
}

export const basicCases = [
  storeCase('a new torrent holds nothing', async (harness) => {
    const store = await harness.create();
    const sample = sampleTorrent();
    const chunks = await store.open(sample.info);
    checkEqual([chunks.verifiedAtOpen.length, chunks.verifiedAtOpen.count], [10, 0], 'pieces');
    checkEqual(await store.list(), [{ infoHash: sample.info.infoHash, storedBytes: 0, roomBytes: 0 }], 'list');
  }),
  storeCase('a written piece is read back', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await chunks.write(3, sample.piece(3));
    await checkRun(chunks, sample, 3000, 1000);
    await checkRun(chunks, sample, 3001, 1);
    await checkRun(chunks, sample, 3999, 1);
  }),
  storeCase('a piece is taken from a view into a larger buffer', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    const large = new Uint8Array(3000);
    large.set(sample.piece(4), 700);
    await chunks.write(4, large.subarray(700, 1700));
    await checkRun(chunks, sample, 4000, 1000);
  }),
  storeCase('a read crosses pieces and files', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    await checkRun(chunks, sample, 0, 9500);
    await checkRun(chunks, sample, 999, 2);
    await checkRun(chunks, sample, 1500, 6789);
  }),
  storeCase('the last piece is shorter', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await chunks.write(9, sample.piece(9));
    await checkRun(chunks, sample, 9000, 500);
  }),
  storeCase('pieces may be as small as a byte', async (harness) => {
    const sample = sampleTorrent({ pieceLengthBytes: 1, totalBytes: 40 });
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    await checkRun(chunks, sample, 0, 40);
  }),
  storeCase('one piece may be the whole torrent', async (harness) => {
    const sample = sampleTorrent({ pieceLengthBytes: 65_536, totalBytes: 9500 });
    const chunks = await (await harness.create()).open(sample.info);
    await chunks.write(0, sample.piece(0));
    await checkRun(chunks, sample, 0, 9500);
  }),
  storeCase('an empty read is empty wherever it is', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    checkEqual((await chunks.read(0, 0)).length, 0, 'length at the start');
    checkEqual((await chunks.read(9500, 0)).length, 0, 'length at the end');
  }),
  storeCase('a read that touches a missing piece is refused', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await checkRejects(chunks.read(0, 1), 'missing');
    await writePieces(chunks, sample, [1, 3]);
    await checkRejects(chunks.read(999, 2), 'missing');
    await checkRejects(chunks.read(1999, 2), 'missing');
    await checkRejects(chunks.read(1000, 3000), 'missing');
  }),
  storeCase('a run outside of the torrent is refused', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, allPieces(sample));
    for (const [offset, length] of [
      [-1, 2],
      [9499, 2],
      [0, -1],
      [0.5, 1],
      [0, 2 ** 53],
    ] as const) {
      await rejectionOf(chunks.read(offset, length));
    }
  }),
  storeCase('a piece of another size is refused and not held', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await rejectionOf(chunks.write(0, new Uint8Array(999)));
    await rejectionOf(chunks.write(9, new Uint8Array(1000)));
    await rejectionOf(chunks.write(10, new Uint8Array(1000)));
    await rejectionOf(chunks.write(-1, new Uint8Array(1000)));
    await checkRejects(chunks.read(0, 1), 'missing');
    await chunks.write(0, sample.piece(0));
    await checkRun(chunks, sample, 0, 1000);
  }),
  storeCase('writing a piece again changes nothing', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await chunks.write(2, sample.piece(2));
    await chunks.write(2, new Uint8Array(1000).fill(1));
    await Promise.all([chunks.write(5, sample.piece(5)), chunks.write(5, sample.piece(5))]);
    await checkRun(chunks, sample, 2000, 1000);
    await checkRun(chunks, sample, 5000, 1000);
    checkEqual((await store.list())[0]?.storedBytes, 2000, 'room');
  }),
  storeCase('the buffer a read gives is the caller’s', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    await writePieces(chunks, sample, [0]);
    (await chunks.read(0, 1000)).fill(0);
    await checkRun(chunks, sample, 0, 1000);
  }),
  storeCase('the bits of what was held are the caller’s', async (harness) => {
    const sample = sampleTorrent();
    const chunks = await (await harness.create()).open(sample.info);
    chunks.verifiedAtOpen.add(1);
    await checkRejects(chunks.read(1000, 1), 'missing');
    await chunks.write(1, sample.piece(1));
    await checkRun(chunks, sample, 1000, 1000);
  }),
  storeCase('pieces written all at once and read meanwhile are right', async (harness) => {
    const sample = sampleTorrent({ pieceLengthBytes: 500, totalBytes: 49_900 });
    const chunks = await (await harness.create()).open(sample.info);
    await Promise.all(
      allPieces(sample).map(async (piece) => {
        const bytes = sample.piece(piece);
        const lengthBytes = bytes.length;
        await chunks.write(piece, bytes);
        await checkRun(chunks, sample, piece * 500, lengthBytes);
        if (piece % 10 === 0) await chunks.commit();
      }),
    );
    await checkRun(chunks, sample, 0, 49_900);
  }),
  storeCase('a torrent stays when it is closed', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const first = await store.open(sample.info);
    await writePieces(first, sample, [0, 9]);
    await first.close();
    checkEqual(await sizesOf(store), [{ infoHash: sample.info.infoHash, storedBytes: 1500 }], 'list');
    const second = await store.open(sample.info);
    checkEqual([second.verifiedAtOpen.count, second.verifiedAtOpen.has(0), second.verifiedAtOpen.has(9)], [2, true, true], 'pieces');
    await checkRun(second, sample, 9000, 500);
  }),
  storeCase('a torrent is open once at a time', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const opening = store.open(sample.info);
    await checkRejects(store.open(sample.info), 'busy');
    const chunks = await opening;
    await checkRejects(store.open(sample.info), 'busy');
    await checkRejects(store.remove(sample.info.infoHash), 'busy');
    await chunks.close();
    await (await store.open(sample.info)).close();
  }),
  storeCase('a closed torrent rejects every call', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await chunks.write(0, sample.piece(0));
    await chunks.close();
    await checkRejects(chunks.read(0, 1), 'closed');
    await checkRejects(chunks.write(1, sample.piece(1)), 'closed');
    await checkRejects(chunks.commit(), 'closed');
    await chunks.close();
    const again = await store.open(sample.info);
    await checkRejects(chunks.read(0, 1), 'closed');
    await checkRun(again, sample, 0, 1000);
  }),
  storeCase('a closed store rejects every call and its torrents do too', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await chunks.write(0, sample.piece(0));
    await store.close();
    await checkRejects(store.open(sample.info), 'closed');
    await checkRejects(store.list(), 'closed');
    await checkRejects(store.loadInfo(sample.info.infoHash), 'closed');
    await checkRejects(store.remove(sample.info.infoHash), 'closed');
    await checkRejects(chunks.read(0, 1), 'closed');
    await checkRejects(chunks.write(1, sample.piece(1)), 'closed');
    await chunks.close();
    await store.close();
  }),
  storeCase('closing lets what is under way end', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await chunks.write(0, sample.piece(0));
    const writing = chunks.write(1, sample.piece(1));
    const reading = chunks.read(0, 1000);
    await chunks.close();
    await writing;
    checkBytes(await reading, sample.piece(0), 'what was read');
    const again = await store.open(sample.info);
    checkEqual(again.verifiedAtOpen.count, 2, 'pieces');
  }),
  storeCase('a torrent that is being opened is closed with the store', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const opening = store.open(sample.info);
    await store.close();
    await checkRejects((await opening).read(0, 0), 'closed');
  }),
  storeCase('the info dictionary is remembered as it was', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    checkEqual(await store.loadInfo(sample.info.infoHash), undefined, 'info of an unknown torrent');
    const chunks = await store.open(sample.info);
    const expected = new TextEncoder().encode('info of sample 1');
    const loaded = await store.loadInfo(sample.info.infoHash);
    checkBytes(loaded ?? new Uint8Array(), expected, 'info while open');
    loaded?.fill(0);
    await chunks.close();
    checkBytes((await store.loadInfo(sample.info.infoHash)) ?? new Uint8Array(), expected, 'info when closed');
  }),
  storeCase('a removed torrent is forgotten', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const chunks = await store.open(sample.info);
    await writePieces(chunks, sample, [0, 5, 9]);
    await chunks.close();
    await store.remove(sample.info.infoHash);
    checkEqual(await store.list(), [], 'list');
    checkEqual(await store.loadInfo(sample.info.infoHash), undefined, 'info');
    await store.remove(sample.info.infoHash);
    const again = await store.open(sample.info);
    checkEqual(again.verifiedAtOpen.count, 0, 'pieces');
    await checkRejects(again.read(0, 1), 'missing');
  }),
  storeCase('removing and opening at once take turns', async (harness) => {
    const sample = sampleTorrent();
    const store = await harness.create();
    const first = await store.open(sample.info);
    await first.write(0, sample.piece(0));
    await first.close();
    const [, , chunks] = await Promise.all([
      store.remove(sample.info.infoHash),
      store.remove(sample.info.infoHash),
      store.open(sample.info),
    ]);
    checkEqual(chunks.verifiedAtOpen.count, 0, 'pieces');
    await chunks.write(1, sample.piece(1));
    await checkRun(chunks, sample, 1000, 1000);
  }),
  storeCase('many torrents keep apart', async (harness) => {
    const store = await harness.create();
    const samples = Array.from({ length: 20 }, (_, index) => sampleTorrent({ seed: index + 1, totalBytes: 3000 + index }));
    const open = await Promise.all(samples.map(async (sample) => ({ sample, chunks: await store.open(sample.info) })));
    await Promise.all(open.map(({ sample, chunks }) => writePieces(chunks, sample, allPieces(sample))));
    await Promise.all(open.slice(0, 10).map(({ chunks }) => chunks.close()));
    await Promise.all(samples.slice(0, 5).map(({ info }) => store.remove(info.infoHash)));
    const list = (await sizesOf(store)).toSorted((left, right) => (left.infoHash < right.infoHash ? -1 : 1));
    const expected = samples.slice(5).map(({ info }) => ({ infoHash: info.infoHash, storedBytes: info.totalBytes }));
    checkEqual(list, expected, 'list');
    for (const { sample, chunks } of open.slice(10)) await checkRun(chunks, sample, 0, sample.info.totalBytes);
  }),
  roomCase('a piece that finds no room is refused, and nothing is lost', async (harness) => {
    const pieceLengthBytes = harness.roomUnitBytes ?? 50_000;
    const totalBytes = 8 * pieceLengthBytes;
    const first = sampleTorrent({ seed: 1, pieceLengthBytes, totalBytes });
    const second = sampleTorrent({ seed: 2, pieceLengthBytes, totalBytes });
    const store = await harness.create(12 * pieceLengthBytes);
    const kept = await store.open(first.info);
    await writePieces(kept, first, allPieces(first));
    await kept.close();
    const chunks = await store.open(second.info);
    const refused: number[] = [];
    for (const piece of allPieces(second)) {
      await chunks.write(piece, second.piece(piece)).catch(async (error: unknown) => {
        await checkRejects(Promise.reject(error), 'full');
        refused.push(piece);
      });
    }
    if (refused.length === 0 || refused.length === 8) throw new Error(`${refused.length} of 8 pieces found no room`);
    for (const piece of allPieces(second)) {
      if (refused.includes(piece)) await checkRejects(chunks.read(piece * pieceLengthBytes, 1), 'missing');
      else await checkRun(chunks, second, piece * pieceLengthBytes, pieceLengthBytes);
    }
    await store.remove(first.info.infoHash);
    await writePieces(chunks, second, refused);
    await checkRun(chunks, second, 0, totalBytes);
  }),
];
