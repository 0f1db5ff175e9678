import { afterEach, describe, expect, test } from 'vitest';
import type { PeerId } from '@/src/protocol/ids';
import { encodeBlock, METADATA_PART_BYTES, type BlockRange, type ControlMessage } from '@/src/protocol/peer-messages';
import { MAX_PUSH_BYTES } from '@/src/protocol/push-grant';
import type { HostileConnection } from '@/tests/support/hostile-peer';
import { fakeFilm } from '@/tests/support/local-swarm';
import { v1Contents, type FilmContents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly } from '@/tests/support/virtual-swarm/seeder-answers';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/** SPEC section N between whole engines: a newcomer is sent the dictionary and the head of its film unasked. */

const UNIT = 16 * 1024;
const PIECE_BYTES = 2 * UNIT;
const film = fakeFilm(40 * PIECE_BYTES - 100);
const CONTENTS: FilmContents = v1Contents(film, PIECE_BYTES, 'film.mp4');
const { info } = CONTENTS;

let swarm: VirtualSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

function parts(): ControlMessage[] {
  return Array.from({ length: Math.ceil(info.infoBytes.length / METADATA_PART_BYTES) }, (_, part) => ({
    type: 'metadata-data',
    part,
    payload: info.infoBytes.slice(part * METADATA_PART_BYTES, (part + 1) * METADATA_PART_BYTES),
  }));
}

function sendBlocks({ link }: HostileConnection, firstUnit: number, count: number, change: (block: Uint8Array) => void = () => {}): void {
  for (let unit = firstUnit; unit < firstUnit + count; unit++) {
    const block = film.slice(unit * UNIT, (unit + 1) * UNIT);
    change(block);
    link.send('bulk', encodeBlock(unit >> 1, (unit & 1) * UNIT, block));
  }
}

/** What a seeding engine says to a newcomer with this grant that says nothing but hello. */
async function saidTo(bytes: number): Promise<{ control: ControlMessage[]; blockBytes: number }> {
  swarm = new VirtualSwarm(CONTENTS);
  await swarm.seed();
  const control: ControlMessage[] = [];
  let blockBytes = 0;
  swarm.hostile(
    (connection) => {
      connection.hello(0);
      connection.listen({ onControl: (message) => control.push(message), onBlock: ({ payload }) => (blockBytes += payload.length) });
    },
    { bytes, fileIndex: undefined },
  );
  await swarm.time.pass(5000);
  return { control, blockBytes };
}

describe('a newcomer', () => {
  test('has the head of the film without having asked, and the rest by asking for the rest', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const asked: BlockRange[] = [];
    const answers = new SeederAnswers(CONTENTS);
    swarm.hostile((connection) => {
      connection.hello(info.infoBytes.length);
      connection.send({ type: 'push', piece: 0, lengthBytes: 8 * UNIT });
      for (const part of parts()) connection.send(part);
      sendBlocks(connection, 0, 8);
      connection.listen({
        onControl(message) {
          if (message.type === 'request') asked.push(...message.ranges);
          for (const one of singly(message)) {
            // What crossed the push is not answered (SPEC N2).
            const answer = one.type === 'metadata-request' ? undefined : answers.to(one);
            if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
          }
        },
      });
    });
    const viewer = await swarm.join();
    expect(await swarm.play(viewer)).toEqual(film);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ piece }) => piece < 4)).toEqual([]);
    const { totals } = await swarm.until(viewer, ({ state }) => state.kind === 'complete');
    expect(totals).toMatchObject({ downloadedBytes: film.length, wastedBytes: 0 });
  });

  test('takes in blocks that overtook the hello', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const answers = new SeederAnswers(CONTENTS);
    swarm.hostile((connection) => {
      sendBlocks(connection, 0, 3);
      connection.hello(info.infoBytes.length);
      connection.send({ type: 'push', piece: 0, lengthBytes: 4 * UNIT });
      sendBlocks(connection, 3, 1);
      connection.listen({
        onControl(message) {
          for (const one of singly(message)) {
            const answer = answers.to(one);
            if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
          }
        },
      });
    });
    const viewer = await swarm.join();
    expect(await swarm.play(viewer)).toEqual(film);
    const { totals } = await swarm.until(viewer, ({ state }) => state.kind === 'complete');
    expect(totals.wastedBytes).toBe(0);
  });

  test('asks others for what was promised and never came', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    swarm.hostile((connection) => {
      connection.hello(info.infoBytes.length);
      connection.send({ type: 'push', piece: 0, lengthBytes: 8 * UNIT });
      for (const part of parts()) connection.send(part);
      connection.listen({});
    });
    const viewer = await swarm.join();
    await swarm.until(viewer, ({ files }) => files !== undefined);
    await swarm.seed();
    expect(await swarm.play(viewer)).toEqual(film);
  });
});

describe('whoever takes the offer of a newcomer', () => {
  test('N2: says what it pushes right after its hello, then sends the dictionary and the blocks', async () => {
    const { control, blockBytes } = await saidTo(MAX_PUSH_BYTES);
    expect(control.slice(0, 3).map(({ type }) => type)).toEqual(['hello', 'push', 'metadata-data']);
    expect(control[1]).toMatchObject({ piece: 0 });
    expect(control[2]).toEqual(parts()[0]);
    expect(blockBytes).toBe(Math.floor((MAX_PUSH_BYTES - info.infoBytes.length) / UNIT) * UNIT);
  });

  test('N2: sends nothing unasked where not even the dictionary fits', async () => {
    const { control, blockBytes } = await saidTo(info.infoBytes.length - 1);
    expect(control.map(({ type }) => type)).toEqual(['hello', 'have-all']);
    expect(blockBytes).toBe(0);
  });
});

describe('a peer that pushes what it may not', () => {
  type Offence = (connection: HostileConnection) => void;

  test.each<[string, Offence]>([
    ['N1: more than was granted', ({ send }) => send({ type: 'push', piece: 0, lengthBytes: MAX_PUSH_BYTES + UNIT })],
    [
      'N1: more than it said',
      (connection) => {
        connection.send({ type: 'push', piece: 0, lengthBytes: UNIT });
        sendBlocks(connection, 0, 2);
      },
    ],
    ['N1: blocks without end before a word', (connection) => sendBlocks(connection, 0, MAX_PUSH_BYTES / UNIT + 1)],
    [
      'N1: twice',
      ({ send }) => {
        send({ type: 'push', piece: 0, lengthBytes: UNIT });
        send({ type: 'push', piece: 0, lengthBytes: UNIT });
      },
    ],
    [
      'N2: blocks after it said something else',
      (connection) => {
        connection.send({ type: 'have-all' });
        sendBlocks(connection, 0, 1);
      },
    ],
    [
      'N3: blocks that there are not',
      ({ send }) => {
        send({ type: 'push', piece: info.pieceCount - 1, lengthBytes: 4 * UNIT });
        for (const part of parts()) send(part);
      },
    ],
    [
      'N3: a block beside its run',
      (connection) => {
        connection.send({ type: 'push', piece: 0, lengthBytes: UNIT });
        sendBlocks(connection, 4, 1);
        for (const part of parts()) connection.send(part);
      },
    ],
    [
      'B6: blocks that do not verify',
      (connection) => {
        connection.send({ type: 'push', piece: 0, lengthBytes: 2 * UNIT });
        for (const part of parts()) connection.send(part);
        sendBlocks(connection, 0, 2, (block) => block.fill(0, 100, 200));
      },
    ],
  ])('%s: it is let go of for good, and the film plays', async (_, offence) => {
    swarm = new VirtualSwarm(CONTENTS);
    const links: PeerId[] = [];
    const closed = Promise.withResolvers<string>();
    const offender = swarm.hostile((connection) => {
      links.push(connection.peerId);
      connection.hello(info.infoBytes.length);
      offence(connection);
      connection.listen({ onClose: closed.resolve });
    });
    const victim = await swarm.join();
    await swarm.settle(closed.promise);
    await swarm.seed();
    expect(await swarm.play(victim)).toEqual(film);
    await swarm.time.pass(120_000);
    const { peers } = await swarm.until(victim, () => true);
    expect(peers.map(({ id }) => id)).not.toContain(offender.peerId);
    expect(links.filter((id) => id === links[0])).toHaveLength(1);
  });
});
