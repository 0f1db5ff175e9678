import { afterEach, expect, test } from 'vitest';
import { magnetLink } from '@/src/protocol/magnet';
import { encodeBlock } from '@/src/protocol/peer-messages';
import type { HostileConnection } from '@/tests/support/hostile-peer';
import { fakeFilm } from '@/tests/support/local-swarm';
import { v1Contents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly, type SingleMessage } from '@/tests/support/virtual-swarm/seeder-answers';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/** What a snapshot says of links, buffers and stalls, in whole engines under a clock of the test. */

const PIECE_BYTES = 32 * 1024;
const film = fakeFilm(40 * PIECE_BYTES);
const CONTENTS = v1Contents(film, PIECE_BYTES);

let swarm: VirtualSwarm | undefined;

/** A swarm with one seeder that answers as `react` does, and as any seeder where that returns false. */
function swarmWith(react: (message: SingleMessage, connection: HostileConnection) => boolean): VirtualSwarm {
  const made = new VirtualSwarm(CONTENTS);
  swarm = made;
  const answers = new SeederAnswers(CONTENTS);
  made.hostile((connection) => {
    connection.hello(CONTENTS.info.infoBytes.length);
    connection.listen({
      onControl(message) {
        for (const one of singly(message)) {
          const answer = react(one, connection) ? undefined : answers.to(one);
          if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
        }
      },
    });
  });
  return made;
}

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

test('a peer that answers some requests, rejects some and leaves the rest: what is under way and what failed', async () => {
  const swarm = swarmWith((message, { send }) => {
    if (message.type !== 'request' || message.piece === 0) return false;
    // One piece is rejected, and those after it are left.
    if (message.piece === 1) send({ ...message, type: 'reject' });
    return true;
  });
  const viewer = await swarm.join();
  const reading = viewer.read(0, film.length);
  const { peers, aheadBytes } = await swarm.until(viewer, ({ peers: [peer] }) => (peer?.link?.failures ?? 0) > 0);
  expect(peers[0]?.link).toMatchObject({ connections: 1, isChoking: false, isChoked: false });
  expect(peers[0]?.link?.queuedRequests).toBeGreaterThan(0);
  expect(peers[0]?.link?.queuedBytes).toBeGreaterThan(0);
  expect([0, PIECE_BYTES]).toContain(aheadBytes);
  await swarm.seed();
  expect(await swarm.settle(reading)).toEqual(film);
});

test('a stall is what players report, and how long it lasts; a reader that waits for what comes ahead is none', async () => {
  const swarm = swarmWith((message) => message.type === 'request' && message.piece > 3);
  const viewer = await swarm.join();
  const reading = viewer.read(0, film.length);
  await swarm.until(viewer, ({ files }) => (files?.[0]?.verifiedBytes ?? 0) >= 3 * PIECE_BYTES);
  await swarm.time.pass(5000);
  expect(await swarm.until(viewer, () => true)).toMatchObject({ stalls: 0, stalledMs: 0 });

  const report = (isStalled: boolean): Promise<void> => viewer.calls.reportStall({ sessionId: viewer.sessionId, isStalled });
  await report(true);
  // While it waits still, too.
  const soFar = await swarm.until(viewer, ({ stalledMs }) => stalledMs >= 3000);
  expect(soFar.stalls).toBe(1);
  await report(true);
  await swarm.seed();
  expect(await swarm.settle(reading)).toEqual(film);
  await report(false);
  await swarm.time.pass(1000);
  const { stalledMs } = await swarm.until(viewer, () => true);
  await swarm.time.pass(5000);
  expect(await swarm.until(viewer, () => true)).toMatchObject({ stalls: 1, stalledMs });
});

test('the stall of a player that is closed is over', async () => {
  const swarm = swarmWith(() => false);
  const viewer = await swarm.join();
  const closing = new AbortController();
  const other = viewer.engine.connectClient({ snapshot: () => undefined }, closing.signal);
  await other.reportStall({ sessionId: viewer.sessionId, isStalled: true });
  await swarm.until(viewer, ({ stalledMs }) => stalledMs > 0);
  closing.abort();
  await swarm.time.pass(1000);
  const { stalledMs } = await swarm.until(viewer, () => true);
  await swarm.time.pass(5000);
  expect(await swarm.until(viewer, () => true)).toMatchObject({ stalls: 1, stalledMs });
});

test('what is buffered is what the player has that has least of it; one that is closed has no say', async () => {
  const swarm = swarmWith(() => false);
  const viewer = await swarm.join();
  const { sessionId } = viewer;
  expect((await swarm.until(viewer, () => true)).bufferedS).toBeUndefined();
  const closing = new AbortController();
  const other = viewer.engine.connectClient({ snapshot: () => undefined }, closing.signal);
  await other.openSession({ magnet: magnetLink(swarm.contents.info) });
  await viewer.calls.reportBuffer({ sessionId, aheadS: 40 });
  await other.reportBuffer({ sessionId, aheadS: 7 });
  await swarm.until(viewer, ({ bufferedS }) => bufferedS === 7);
  closing.abort();
  await swarm.until(viewer, ({ bufferedS }) => bufferedS === 40);
});

test('what a reader waits for is counted as long as it waits', async () => {
  const swarm = swarmWith((message) => message.type === 'request' && message.piece > 3);
  const viewer = await swarm.join();
  const reading = viewer.read(0, film.length);
  await swarm.until(viewer, ({ waitingBytes }) => waitingBytes === PIECE_BYTES);
  await swarm.seed();
  expect(await swarm.settle(reading)).toEqual(film);
  await swarm.until(viewer, ({ waitingBytes }) => waitingBytes === 0);
});

test('pieces that do not verify are counted apart from duplicates', async () => {
  const swarm = swarmWith((message, { link }) => {
    if (message.type !== 'request') return false;
    link.send('bulk', encodeBlock(message.piece, message.offsetBytes, new Uint8Array(message.lengthBytes)));
    return true;
  });
  const viewer = await swarm.join();
  const reading = viewer.read(0, film.length);
  await swarm.until(viewer, ({ totals }) => totals.corruptBytes > 0);
  await swarm.seed();
  expect(await swarm.settle(reading)).toEqual(film);
  const { totals } = await swarm.until(viewer, ({ state }) => state.kind === 'complete');
  expect(totals.corruptBytes).toBe(PIECE_BYTES);
  expect(totals.wastedBytes).toBeGreaterThanOrEqual(totals.corruptBytes);
});
