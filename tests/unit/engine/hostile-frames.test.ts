import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import type { PeerId } from '@/src/protocol/ids';
import {
  encodeBlock,
  encodeControl,
  MAX_METADATA_BYTES,
  MAX_REQUESTED_RANGES,
  type BlockRange,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import type { HostileConnection } from '@/tests/support/hostile-peer';
import { fakeFilm } from '@/tests/support/local-swarm';
import { v1Contents, v2Contents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly, type SingleMessage } from '@/tests/support/virtual-swarm/seeder-answers';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/**
 * Whole engines, and a peer that behaves as a seeder until it breaks one rule. The film plays on, whoever was offended lets the offender go
 * for good, and nobody else is.
 */

const UNIT = 16 * 1024;
const PIECE_BYTES = 2 * UNIT;
const film = fakeFilm(20 * PIECE_BYTES - 100);
const V1 = v1Contents(film, PIECE_BYTES);
const V2 = v2Contents(film, PIECE_BYTES);
const LAST = V1.info.pieceCount;

type Offence = (connection: HostileConnection, after: SingleMessage) => void;

let swarm: VirtualSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

/** @param at the message of the victim that is answered by the offence, besides the answer it gets from any seeder */
async function offend(at: ControlMessage['type'], offence: Offence, contents = V1): Promise<void> {
  swarm = new VirtualSwarm(contents);
  const answers = new SeederAnswers(contents);
  const victim = await swarm.join();
  const links: { readonly to: PeerId; closed: boolean }[] = [];
  let offended = false;
  const offender = swarm.hostile((connection) => {
    const link = { to: connection.peerId, closed: false };
    links.push(link);
    connection.hello(contents.info.infoBytes.length);
    connection.listen({
      onControl(message) {
        for (const one of singly(message)) {
          const answer = answers.to(one);
          if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
          if (one.type !== at || offended) continue;
          offended = true;
          offence(connection, one);
        }
      },
      onClose: () => void (link.closed = true),
    });
  });
  const reading = victim.read(0, film.length);
  await swarm.until(victim, ({ peers }) => peers.length > 0);
  await swarm.until(victim, ({ peers }) => peers.length === 0);
  // It comes back at once, and is not let in; an honest peer is.
  await swarm.seed();
  expect(await swarm.settle(reading)).toEqual(film);
  await swarm.time.pass(120_000);
  const { peers } = await swarm.until(victim, () => true);
  expect(peers.map(({ id }) => id)).not.toContain(offender.peerId);
  expect(peers).toHaveLength(1);
  // The first link is that to the victim, and there is no other.
  expect(links.filter(({ to }) => to === links[0]?.to)).toEqual([{ to: links[0]?.to, closed: true }]);
}

const FIRST: BlockRange = { piece: 0, offsetBytes: 0, lengthBytes: UNIT };

function request(ranges: readonly BlockRange[]): ControlMessage {
  return { type: 'request', ranges };
}

function range(type: 'request' | 'reject' | 'cancel', piece: number, offsetBytes: number, lengthBytes: number): ControlMessage {
  const block = { piece, offsetBytes, lengthBytes };
  return type === 'request' ? { type, ranges: [block] } : { type, ...block };
}

function says(message: ControlMessage): Offence {
  return ({ send }) => send(message);
}

function sends(channel: 'control' | 'bulk', frame: Uint8Array<ArrayBuffer>): Offence {
  return ({ link }) => link.send(channel, frame.slice());
}

describe('a single frame that breaks a rule', () => {
  test.each<[string, ControlMessage['type'], Offence]>([
    ['L2: a frame of an unknown type', 'request', sends('control', Uint8Array.of(99))],
    ['L2: a frame without a byte', 'request', sends('control', new Uint8Array())],
    ['L2: a control frame of 64 KiB', 'request', sends('control', new Uint8Array(65_536).fill(4))],
    ['L2: a block without bytes', 'request', sends('bulk', encodeBlock(0, 0, new Uint8Array()))],
    ['L2: a block of more than 64 KiB', 'request', sends('bulk', encodeBlock(0, 0, new Uint8Array(65_537)))],
    ['L2: a control frame among the blocks', 'request', sends('bulk', encodeControl({ type: 'have-all' }))],
    ['L3: a second hello', 'request', ({ hello }) => hello(0)],
    ['M1: metadata that nobody asked for', 'request', says({ type: 'metadata-data', part: 0, payload: new Uint8Array(UNIT) })],
    ['M1: metadata longer than its part', 'metadata-request', says({ type: 'metadata-data', part: 2, payload: new Uint8Array(UNIT) })],
    ['M1: a metadata-reject that answers nothing', 'request', says({ type: 'metadata-reject', part: 0 })],
    ['M3: the size of the metadata once more', 'request', says({ type: 'metadata-size', metadataBytes: 100 })],
    ['P1: what it has once more', 'request', says({ type: 'have-none' })],
    ['P1: a bitfield after all', 'request', says({ type: 'bitfield-part', firstByte: 0, payload: new Uint8Array(3) })],
    ['P3: a piece that is not in the torrent', 'request', says({ type: 'have', pieces: [LAST] })],
    ['P3: pieces one of which is not in the torrent', 'request', says({ type: 'have', pieces: [0, LAST, 1] })],
    ['L2: a request of 65 blocks', 'request', says(request(Array.from({ length: MAX_REQUESTED_RANGES + 1 }, () => FIRST)))],
    ['P4: letting go of a piece that is not in the torrent', 'request', says({ type: 'dont-have', piece: 2 ** 32 - 1 })],
    ['B1: a request for a piece that is not in the torrent', 'request', says(range('request', LAST, 0, UNIT))],
    ['B1: a request across the end of a piece', 'request', says(range('request', 0, UNIT, 2 * UNIT))],
    ['B1: a request one of whose blocks is not in the torrent', 'request', says(request([FIRST, { ...FIRST, piece: LAST }, FIRST]))],
    ['B1: a request of no length', 'request', says(range('request', 0, 0, 0))],
    ['B1: a request off the grid', 'request', says(range('request', 0, 1, UNIT))],
    ['B1: a reject of what no request can be', 'request', says(range('reject', 0, 0, 2 ** 32 - 1))],
    ['B4: a block that nobody asked for', 'request', sends('bulk', encodeBlock(LAST - 1, 0, new Uint8Array(UNIT)))],
    ['B4: a block that has come before', 'request', repeatsBlock],
    ['H2: hashes in a torrent that has none', 'request', says(hashes(1))],
  ])('%s', (_, at, offence) => offend(at, offence));

  test.each<[string, ControlMessage['type'], Offence]>([
    ['H1: hashes before the description is known', 'hello', says(hashes(1))],
    ['H2: hashes of a run nobody asked for', 'request', says(hashes(4))],
    [
      'H2: a hash-reject that answers nothing',
      'request',
      says({ type: 'hash-reject', root: '1'.repeat(64), layer: 3, index: 0, length: 2 }),
    ],
  ])('%s (v2)', (_, at, offence) => offend(at, offence, V2));
});

function endless(say: (send: HostileConnection['send'], time: number) => void, times: number): Offence {
  return ({ send }) => {
    for (let time = 0; time < times; time++) say(send, time);
  };
}

function hashes(count: number): ControlMessage {
  return { type: 'hashes', root: '0'.repeat(64), layer: 2, index: 0, length: count, hashes: new Uint8Array(count * 32) };
}

function repeatsBlock({ link }: HostileConnection, asked: SingleMessage): void {
  if (asked.type !== 'request') return;
  link.send('bulk', encodeBlock(asked.piece, asked.offsetBytes, new SeederAnswers(V1).block(asked)));
}

describe('frames without end', () => {
  test.each<[string, ControlMessage['type'], Offence]>([
    [
      'B3: requests of what its victim has not got',
      'have-none',
      endless((send) => send(range('request', 0, 0, UNIT)), DEFAULT_LIMITS.rejectsInARow + 1),
    ],
    [
      'B3: a single request for 64 blocks that its victim has not got',
      'have-none',
      says(request(Array.from({ length: MAX_REQUESTED_RANGES }, () => FIRST))),
    ],
    [
      'M1: the description, over and over',
      'metadata-size',
      endless((send, time) => send({ type: 'metadata-request', part: time % 3 }), 3 * 3 + 1),
    ],
  ])('%s', (_, at, offence) => offend(at, offence));

  test.each<[string, ControlMessage['type'], ControlMessage]>([
    ['L8: cancels of what was never asked for', 'metadata-size', range('cancel', 1, 0, UNIT)],
    ['L8: rejects of what nobody asked for', 'metadata-size', range('reject', 1, 0, 2 * UNIT)],
    ['L8: one piece, over and over', 'metadata-size', { type: 'have', pieces: [1] }],
    ['L8: requests for a part of the description that there is not', 'metadata-size', { type: 'metadata-request', part: 4000 }],
  ])('%s', (_, at, message) =>
    offend(
      at,
      endless((send) => send(message), DEFAULT_LIMITS.idleFrames + 1),
    ),
  );

  test.each<[string, (send: HostileConnection['send'], time: number) => void]>([
    ['C4: choking and unchoking', (send, time) => send({ type: time % 2 === 0 ? 'choke' : 'unchoke' })],
    [
      'pieces had, let go of and had again',
      (send, time) => send(time % 2 === 0 ? { type: 'dont-have', piece: 3 } : { type: 'have', pieces: [3] }),
    ],
  ])('%s hold nobody up', async (_, say) => {
    swarm = new VirtualSwarm(V1);
    const victim = await swarm.join();
    const { time } = swarm;
    swarm.hostile((connection) => {
      let isClosed = false;
      connection.hello(V1.info.infoBytes.length);
      const goOn = (sent: number): void => {
        if (isClosed) return;
        for (let count = 0; count < 100; count++) say(connection.send, sent + count);
        time.after(5, () => goOn(sent + 100));
      };
      connection.listen({
        onControl(message) {
          if (message.type === 'hello') connection.send({ type: 'have-all' });
          if (message.type === 'metadata-size') goOn(0);
        },
        onClose: () => void (isClosed = true),
      });
    });
    const reading = victim.read(0, film.length);
    await swarm.until(victim, ({ peers }) => peers.length > 0);
    await swarm.seed();
    expect(await swarm.settle(reading, 60_000)).toEqual(film);
  });
});

test('M1: of a description larger than 10 MiB not a byte is set aside', async () => {
  swarm = new VirtualSwarm(V1);
  const victim = await swarm.join();
  const closed = Promise.withResolvers<string>();
  swarm.hostile((connection) => {
    connection.hello(MAX_METADATA_BYTES + 1);
    connection.listen({ onClose: closed.resolve });
  });
  const before = process.memoryUsage().arrayBuffers;
  await swarm.settle(closed.promise);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  await swarm.seed();
  expect(await swarm.play(victim)).toEqual(film);
});
