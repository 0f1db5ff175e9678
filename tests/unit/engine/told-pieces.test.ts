import { afterEach, expect, test } from 'vitest';
import type { HostileConnection } from '@/tests/support/hostile-peer';
import { fakeFilm } from '@/tests/support/local-swarm';
import { v1Contents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly } from '@/tests/support/virtual-swarm/seeder-answers';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/** What an engine that fetches a film tells those it is linked to, in whole engines under a clock of the test. */

const PIECE_BYTES = 32 * 1024;
const film = fakeFilm(300 * PIECE_BYTES);
const CONTENTS = v1Contents(film, PIECE_BYTES);
const { pieceCount, infoBytes } = CONTENTS.info;
const TICK_MS = 500;

let swarm: VirtualSwarm;

afterEach(async () => {
  await swarm.close();
});

interface Heard {
  readonly frames: (readonly number[])[];
  readonly atMs: Map<number, number>;
}

/** A peer that notes what it is told. */
function listener(possession: 'have-all' | 'have-none'): Heard {
  const answers = new SeederAnswers(CONTENTS);
  const heard: Heard = { frames: [], atMs: new Map() };
  const tell = ({ send }: HostileConnection): void => send({ type: possession });
  swarm.hostile((connection) => {
    connection.hello(infoBytes.length);
    if (possession === 'have-all') tell(connection);
    connection.listen({
      onControl(message) {
        if (message.type === 'metadata-size' && possession === 'have-none') tell(connection);
        if (message.type === 'have') {
          heard.frames.push(message.pieces);
          for (const piece of message.pieces) heard.atMs.set(piece, swarm.time.now());
        }
        for (const one of singly(message)) {
          const answer = one.type === 'hello' ? undefined : answers.to(one);
          if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
        }
      },
    });
  });
  return heard;
}

function inOrder({ frames }: Heard): number[] {
  return frames.flat().toSorted((left, right) => left - right);
}

test('P3: who lacks a piece hears of it at once, who has it within half a second, with others', async () => {
  swarm = new VirtualSwarm(CONTENTS);
  const [lacking, having] = [listener('have-none'), listener('have-all')];
  const viewer = await swarm.join();
  expect(await swarm.play(viewer)).toEqual(film);
  await swarm.time.pass(2 * TICK_MS);
  const all = Array.from({ length: pieceCount }, (_, piece) => piece);
  expect([inOrder(lacking), inOrder(having)]).toEqual([all, all]);
  expect(lacking.frames.every(({ length }) => length === 1)).toBe(true);
  expect(having.frames.length).toBeLessThan(pieceCount / 4);
  const waitedMs = all.map((piece) => (having.atMs.get(piece) ?? 0) - (lacking.atMs.get(piece) ?? 0));
  expect(Math.min(...waitedMs)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...waitedMs)).toBeLessThanOrEqual(TICK_MS);
});
