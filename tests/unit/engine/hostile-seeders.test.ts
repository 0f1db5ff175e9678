import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, type EngineLimits } from '@/src/engine/limits';
import type { HostileConnection } from '@/tests/support/hostile-peer';
import { fakeFilm, type Member } from '@/tests/support/local-swarm';
import { v1Contents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly, type SingleMessage } from '@/tests/support/virtual-swarm/seeder-answers';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/** Seeders that break no rule of form and still do not deliver: the film plays on from others, in time. */

const UNIT = 16 * 1024;
const PIECE_BYTES = 2 * UNIT;
const film = fakeFilm(40 * PIECE_BYTES - 100);
const CONTENTS = v1Contents(film, PIECE_BYTES);
const LAST_PIECE = CONTENTS.info.pieceCount - 1;

let swarm: VirtualSwarm;

afterEach(async () => {
  await swarm.close();
});

interface Seeder {
  readonly id: string;
  readonly links: HostileConnection[];
  /** Links that are closed. */
  closed: number;
}

/** @param changes what it says instead of what any seeder would; undefined: just that */
function seeder(changes: (message: SingleMessage, connection: HostileConnection) => 'nothing' | undefined, hello = true): Seeder {
  const answers = new SeederAnswers(CONTENTS);
  const links: HostileConnection[] = [];
  const peer = swarm.hostile((connection) => {
    links.push(connection);
    if (hello) connection.hello(CONTENTS.info.infoBytes.length);
    connection.listen({
      onControl(message) {
        for (const one of singly(message)) {
          const answer = changes(one, connection) === 'nothing' ? undefined : answers.to(one);
          if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
        }
      },
      onClose: () => void made.closed++,
    });
  });
  const made: Seeder = { id: peer.peerId, links, closed: 0 };
  return made;
}

async function viewer(limits: Partial<EngineLimits> = {}): Promise<{ member: Member; reading: Promise<Uint8Array> }> {
  const member = await swarm.join(limits);
  return { member, reading: member.read(0, film.length) };
}

describe('a seeder', () => {
  test('that vanishes in the midst of the film costs nothing but what it owed', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    let served = 0;
    seeder((message, { link }) => {
      if (message.type === 'request' && ++served === 30) link.close('it vanishes');
      return undefined;
    });
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.seed();
    expect(await swarm.settle(reading, 30_000)).toEqual(film);
    const { totals } = await swarm.until(member, () => true);
    expect(totals.wastedBytes).toBe(0);
  });

  test('that stalls at the last piece loses it to another, and at the second time its link', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    const stalling = seeder((message) => (message.type === 'request' && message.piece === LAST_PIECE ? 'nothing' : undefined));
    await swarm.until(member, ({ files }) => (files?.[0]?.verifiedBytes ?? 0) >= LAST_PIECE * PIECE_BYTES);
    await swarm.seed();
    expect(await swarm.settle(reading, 3 * DEFAULT_LIMITS.stalledAfterMs)).toEqual(film);
    expect(stalling.links.length).toBeGreaterThan(0);
  });

  test('that stalls for good is let go without blame, and may come back', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    let isMended = false;
    const stalling = seeder((message) => (message.type === 'request' && !isMended ? 'nothing' : undefined));
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.until(member, ({ peers }) => peers.length === 0, 3 * DEFAULT_LIMITS.stalledAfterMs);
    await swarm.time.pass(100);
    expect(stalling.closed).toBe(1);
    isMended = true;
    expect(await swarm.settle(reading)).toEqual(film);
  });

  test('that lies in its bitfield is asked for each piece once', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    const asked = new Map<number, number>();
    seeder((message, { send }) => {
      if (message.type !== 'request') return undefined;
      const { piece, offsetBytes, lengthBytes } = message;
      if (offsetBytes === 0) asked.set(piece, (asked.get(piece) ?? 0) + 1);
      send({ type: 'reject', piece, offsetBytes, lengthBytes });
      return 'nothing';
    });
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.time.pass(5000);
    await swarm.seed();
    expect(await swarm.settle(reading, 30_000)).toEqual(film);
    expect(Math.max(...asked.values())).toBe(1);
  });

  test('that drips a block every nine seconds holds nobody up', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    const answers = new SeederAnswers(CONTENTS);
    let waiting = 0;
    seeder((message, { link }) => {
      if (message.type !== 'request') return undefined;
      swarm.time.after(++waiting * 9000, () => {
        const answer = answers.to(message);
        if (answer !== undefined) link.send(answer.channel, answer.frame);
      });
      return 'nothing';
    });
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.time.pass(20_000);
    await swarm.seed();
    expect(await swarm.settle(reading, 30_000)).toEqual(film);
  });

  test('that never tells what it has is asked for nothing', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    let asked = 0;
    seeder((message) => {
      if (message.type === 'request') asked++;
      return message.type === 'hello' ? 'nothing' : undefined;
    });
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.seed();
    expect(await swarm.settle(reading, 30_000)).toEqual(film);
    expect(asked).toBe(0);
  });

  test('that never says hello is let go when its time is over, and not held against it', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer({ helloTimeoutMs: 5000 });
    const silent = seeder(() => 'nothing', false);
    await swarm.until(member, () => silent.links.length > 0);
    const linkedAtMs = swarm.time.now();
    await swarm.until(member, () => silent.closed > 0);
    expect(swarm.time.now() - linkedAtMs).toBeLessThan(6000);
    await swarm.seed();
    expect(await swarm.settle(reading, 30_000)).toEqual(film);
  });

  test('that gives half of the description keeps nobody from the other half', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    seeder((message) => (message.type === 'metadata-request' && message.part > 0 ? 'nothing' : undefined));
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.seed();
    expect(await swarm.settle(reading, 30_000)).toEqual(film);
  });

  test('M2: whose description is another one is gone for good', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer();
    const liar = seeder((message, { send }) => {
      if (message.type !== 'metadata-request') return undefined;
      const lengthBytes = Math.min(UNIT, CONTENTS.info.infoBytes.length - message.part * UNIT);
      send({ type: 'metadata-data', part: message.part, payload: new Uint8Array(lengthBytes) });
      return 'nothing';
    });
    await swarm.until(member, ({ peers }) => peers.length > 0);
    await swarm.until(member, ({ peers }) => peers.length === 0);
    await swarm.seed();
    expect(await swarm.settle(reading, 60_000)).toEqual(film);
    await swarm.time.pass(60_000);
    const { peers } = await swarm.until(member, () => true);
    expect(peers.map(({ id }) => id)).not.toContain(liar.id);
  });
});

describe('strangers in numbers', () => {
  test('no more of them are linked than a session may have, and who plays goes on playing', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer({ peersPerSession: 4 });
    await swarm.seed({ uploadBytesPerSecond: 200_000 });
    await swarm.until(member, ({ peers }) => peers.length === 1);
    const strangers = Array.from({ length: 12 }, () => seeder((message) => (message.type === 'hello' ? 'nothing' : undefined)));
    let most = 0;
    void member.until(({ peers }) => {
      most = Math.max(most, peers.length);
      return false;
    });
    expect(await swarm.settle(reading)).toEqual(film);
    expect(strangers.every(({ links }) => links.length > 0)).toBe(true);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('who are there first and of no use make room for who comes later', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer({ peersPerSession: 4 });
    for (let count = 0; count < 6; count++) seeder((message) => (message.type === 'hello' ? 'nothing' : undefined));
    await swarm.until(member, ({ peers }) => peers.length === 4);
    await swarm.seed();
    await swarm.time.pass(DEFAULT_LIMITS.uselessAfterMs / 2);
    expect((await swarm.until(member, () => true)).totals.downloadedBytes).toBe(0);
    expect(await swarm.settle(reading, 5 * DEFAULT_LIMITS.uselessAfterMs)).toEqual(film);
  });

  test('nor than all sessions together may have', async () => {
    swarm = new VirtualSwarm(CONTENTS);
    const { member, reading } = await viewer({ peers: 3 });
    await swarm.seed({ uploadBytesPerSecond: 200_000 });
    await swarm.until(member, ({ peers }) => peers.length === 1);
    for (let count = 0; count < 8; count++) seeder((message) => (message.type === 'hello' ? 'nothing' : undefined));
    let most = 0;
    void member.until(({ peers }) => {
      most = Math.max(most, peers.length);
      return false;
    });
    expect(await swarm.settle(reading)).toEqual(film);
    expect(most).toBeLessThanOrEqual(3);
  });
});
