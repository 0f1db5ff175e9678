import { afterEach, expect, test } from 'vitest';
import { filledStore, LocalSwarm } from '@/tests/support/local-swarm';

const PIECE_BYTES = 64 * 1024;

let swarm: LocalSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

test('a page looks into what is verified, across pieces, and nothing is fetched or chosen on its account', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const store = await filledStore(swarm.info, swarm.film, (piece) => piece === 3 || piece === 4);
  const member = await swarm.join(store);
  const { calls, sessionId } = member;
  await member.until(({ files, peers }) => files !== undefined && peers.some(({ availability }) => availability === 1));
  const look = (startBytes: number, lengthBytes: number) => calls.readVerified({ sessionId, fileIndex: 0, startBytes, lengthBytes });
  const startBytes = 4 * PIECE_BYTES - 500;
  expect(await look(startBytes, 1000)).toEqual(swarm.film.slice(startBytes, startBytes + 1000));
  expect(await look(5 * PIECE_BYTES - 500, 501)).toBeUndefined();
  expect(await look(0, 16)).toBeUndefined();
  const then = await member.until(() => true);
  expect(then.files?.[0]).toMatchObject({ verifiedBytes: 2 * PIECE_BYTES, selected: false });
  expect(then.aheadBytes).toBeUndefined();
});

test('a part that no file has is refused', async () => {
  swarm = await LocalSwarm.start();
  const member = await swarm.join(await swarm.store());
  const { calls, sessionId } = member;
  await member.until(({ files }) => files !== undefined);
  const { length } = swarm.film;
  await expect(calls.readVerified({ sessionId, fileIndex: 0, startBytes: length - 10, lengthBytes: 11 })).rejects.toThrow('shorter');
  await expect(calls.readVerified({ sessionId, fileIndex: 1, startBytes: 0, lengthBytes: 1 })).rejects.toThrow('noSuchFile');
});
