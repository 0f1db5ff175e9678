import { checkBytes, checkEqual, checkRejects } from './check';
import { allPieces, checkRun, sizesOf, writePieces } from './basic-cases';
import { sampleTorrent } from './sample-torrent';
import { persistentCase } from './store-harness';

export const persistenceCases = [
  persistentCase('a closed store is found again with pieces and info', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    await writePieces(await store.open(sample.info), sample, [0, 4, 9]);
    await store.close();
    const again = await persistence.reopen();
    checkEqual(await sizesOf(again), [{ infoHash: sample.info.infoHash, storedBytes: 2500 }], 'list');
    checkBytes((await again.loadInfo(sample.info.infoHash)) ?? new Uint8Array(), sample.info.infoBytes, 'info');
    const chunks = await again.open(sample.info);
    checkEqual(
      allPieces(sample).filter((piece) => chunks.verifiedAtOpen.has(piece)),
      [0, 4, 9],
      'pieces',
    );
    await checkRun(chunks, sample, 4000, 1000);
    await checkRun(chunks, sample, 9000, 500);
  }),
  persistentCase('hashes are found again, the last ones saved, and go with their torrent', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    checkEqual(chunks.hashesAtOpen, undefined, 'hashes at first');
    await Promise.all([chunks.saveHashes(new Uint8Array(40).fill(1)), chunks.saveHashes(new Uint8Array(90).fill(2))]);
    await store.close();
    const again = await persistence.reopen();
    const reopened = await again.open(sample.info);
    checkBytes(reopened.hashesAtOpen ?? new Uint8Array(), new Uint8Array(90).fill(2), 'hashes');
    await reopened.close();
    await again.remove(sample.info.infoHash);
    checkEqual((await again.open(sample.info)).hashesAtOpen, undefined, 'hashes of a torrent that was removed');
  }),
  persistentCase('a piece that ends with its file before the next one begins is kept as long as it is', async ({ create, persistence }) => {
    // 2,600 bytes of film, then nothing up to the next piece.
    const sample = sampleTorrent({ fileLengths: [2600, -400, 6500] });
    const info = { ...sample.info, shortPieces: new Map([[2, 600]]) };
    const store = await create();
    const chunks = await store.open(info);
    await chunks.write(2, sample.run(2000, 600));
    await chunks.write(9, sample.run(9000, 500));
    await store.close();
    const again = await persistence.reopen();
    const reopened = await again.open(info);
    checkEqual([reopened.verifiedAtOpen.has(2), reopened.verifiedAtOpen.has(9), reopened.verifiedAtOpen.count], [true, true, 2], 'pieces');
    checkBytes(await reopened.read(2100, 500), sample.run(2100, 500), 'end of a file');
    checkEqual(
      (await again.list()).map(({ storedBytes }) => storedBytes),
      [1100],
      'room',
    );
  }),
  persistentCase('committed pieces survive a crash', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    await writePieces(chunks, sample, [1, 2]);
    await chunks.commit();
    await writePieces(chunks, sample, [3]);
    await chunks.commit();
    await chunks.commit();
    const again = await (await persistence.crash(store)).open(sample.info);
    checkEqual(
      allPieces(sample).filter((piece) => again.verifiedAtOpen.has(piece)),
      [1, 2, 3],
      'pieces',
    );
    await checkRun(again, sample, 1000, 3000);
  }),
  persistentCase('a crash loses what was not committed and nothing else', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    await writePieces(chunks, sample, [0]);
    await chunks.commit();
    await writePieces(chunks, sample, [5, 6]);
    const again = await (await persistence.crash(store)).open(sample.info);
    checkEqual(
      allPieces(sample).filter((piece) => again.verifiedAtOpen.has(piece)),
      [0],
      'pieces',
    );
    await checkRejects(again.read(5000, 1), 'missing');
    await writePieces(again, sample, [5]);
    await checkRun(again, sample, 5000, 1000);
    await checkRun(again, sample, 0, 1000);
  }),
  persistentCase('a torrent opened just before a crash is empty and usable', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    await store.open(sample.info);
    const again = await (await persistence.crash(store)).open(sample.info);
    checkEqual(again.verifiedAtOpen.count, 0, 'pieces');
    await writePieces(again, sample, allPieces(sample));
    await checkRun(again, sample, 0, 9500);
  }),
  persistentCase('commits asked for at once make everything durable', async ({ create, persistence }) => {
    const sample = sampleTorrent();
    const store = await create();
    const chunks = await store.open(sample.info);
    await Promise.all(
      allPieces(sample).map(async (piece) => {
        await chunks.write(piece, sample.piece(piece));
        await chunks.commit();
      }),
    );
    const again = await (await persistence.crash(store)).open(sample.info);
    checkEqual(again.verifiedAtOpen.isFull, true, 'complete');
    await checkRun(again, sample, 0, 9500);
  }),
  ...damageCases(),
];

function damageCases() {
  const damages = [
    { what: 'is cut short', change: (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, bytes.length / 2) },
    { what: 'is empty', change: () => new Uint8Array() },
    { what: 'is too long', change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array.from([...bytes, ...bytes]) },
    { what: 'is noise', change: (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, index) => byte ^ (index * 37 + 1)) },
  ];
  const ofFiles = (['verified', 'info'] as const).flatMap((file) =>
    damages.map(({ what, change }) =>
      persistentCase(`a torrent whose ${file} file ${what} starts empty`, async ({ create, persistence }) => {
        const sample = sampleTorrent();
        const store = await create();
        await writePieces(await store.open(sample.info), sample, [0, 1]);
        await store.close();
        await persistence.damage(sample.info.infoHash, file, change);
        const again = await persistence.reopen();
        checkEqual((await again.list()).length, 1, 'torrents');
        const chunks = await again.open(sample.info);
        checkEqual(chunks.verifiedAtOpen.count, 0, 'pieces');
        await checkRejects(chunks.read(0, 1), 'missing');
        await writePieces(chunks, sample, [2]);
        await again.close();
        const third = await persistence.reopen();
        checkBytes((await third.loadInfo(sample.info.infoHash)) ?? new Uint8Array(), sample.info.infoBytes, 'info');
        const kept = await third.open(sample.info);
        checkEqual(
          allPieces(sample).filter((piece) => kept.verifiedAtOpen.has(piece)),
          [2],
          'pieces',
        );
      }),
    ),
  );
  return [
    ...ofFiles,
    persistentCase('when the newer half of the verified file is torn the older one counts', async ({ create, persistence }) => {
      const sample = sampleTorrent();
      const store = await create();
      const chunks = await store.open(sample.info);
      await writePieces(chunks, sample, [0]);
      await chunks.commit();
      await writePieces(chunks, sample, [1]);
      await chunks.commit();
      await (await persistence.crash(store)).close();
      // A new file has slots 1 and 2; the two commits wrote 3 to the second half and 4 to the first.
      await persistence.damage(sample.info.infoHash, 'verified', (bytes) => bytes.fill(0xff, 30, bytes.length / 2));
      const again = await (await persistence.reopen()).open(sample.info);
      checkEqual(
        allPieces(sample).filter((piece) => again.verifiedAtOpen.has(piece)),
        [0],
        'pieces',
      );
      await checkRun(again, sample, 0, 1000);
    }),
  ];
}
