import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { casesFor } from '@/tests/contract/chunk-store';
import { openOpfsPage, type OpfsPage } from './opfs-page/open-opfs-page';

const MIB = 1024 * 1024;

describe('the OPFS store in Chromium', () => {
  let opened: OpfsPage;
  beforeAll(async () => {
    opened = await openOpfsPage();
  });
  afterAll(async () => {
    await opened.close();
  });

  test.each(casesFor({ canLimitRoom: true, isPersistent: true }))('$name', async ({ name }) => {
    await expect(opened.page.evaluate((name) => window.opfs.contractCase(name), name)).resolves.toBeUndefined();
  });

  test('buffers change hands without a copy', async () => {
    await expect(opened.page.evaluate(() => window.opfs.buffersChangeHands())).resolves.toBeUndefined();
  });

  test('errors of the worker arrive as what they are', async () => {
    await expect(opened.page.evaluate(() => window.opfs.errorsKeepTheirKind())).resolves.toBeUndefined();
  });

  test('a torrent that another engine holds on to is busy', async () => {
    await expect(opened.page.evaluate(() => window.opfs.otherEngineHoldsOn())).resolves.toBeUndefined();
  });

  test('a torrent that another engine is letting go is waited for', async () => {
    await expect(opened.page.evaluate(() => window.opfs.otherEngineLetsGo())).resolves.toBeUndefined();
  });

  test('room that idle extents only reserved is given back before the disk counts as full', async () => {
    await expect(opened.page.evaluate(() => window.opfs.idleExtentsGiveRoomBack())).resolves.toBeUndefined();
  });

  test('calls to a worker that dies reject', async () => {
    await expect(opened.page.evaluate(() => window.opfs.workerDies())).resolves.toBeUndefined();
  });

  test('calls to a worker that never starts reject', async () => {
    await expect(opened.page.evaluate(() => window.opfs.workerNeverStarts())).resolves.toBeUndefined();
  });

  test.each([
    { what: 'of 256 KiB', pieceLengthBytes: MIB / 4, totalBytes: 96 * MIB },
    { what: 'of 48 MiB that end inside of extents', pieceLengthBytes: 48 * MIB, totalBytes: 160 * MIB },
  ])('pieces $what cross to the worker, the disk and back', async ({ pieceLengthBytes, totalBytes }) => {
    const transfer = opened.page.evaluate(
      (pieceLengthBytes, totalBytes) => window.opfs.largePieces(pieceLengthBytes, totalBytes),
      pieceLengthBytes,
      totalBytes,
    );
    await expect(transfer).resolves.toMatchObject({ writeMBPerSecond: expect.any(Number), readMBPerSecond: expect.any(Number) });
  });
});
