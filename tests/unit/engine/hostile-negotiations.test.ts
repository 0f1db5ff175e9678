import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import type { OfferId, PeerId } from '@/src/protocol/ids';
import { seal, type SealKind } from '@/src/protocol/seal';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { fakeFilm, type Member } from '@/tests/support/local-swarm';
import { v1Contents } from '@/tests/support/virtual-swarm/film-contents';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/** Members of the swarm who offer connections that lead nowhere: SPEC G4, G5. */

const PIECE_BYTES = 32 * 1024;
const film = fakeFilm(20 * PIECE_BYTES);
const CONTENTS = v1Contents(film, PIECE_BYTES);
const { infoHash } = CONTENTS.info;
const swarmId = swarmIdOf(infoHash);

let swarm: VirtualSwarm;

afterEach(async () => {
  await swarm.close();
});

function idOf(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

/** Joins, and offers to every member it hears of, every second. @param describe the text of an offer */
function startOfferer(name: string, describe: () => string | Promise<string>, kind: SealKind = 'offer'): void {
  const life = new AbortController();
  const client = swarm.signaling.createClient('', life.signal);
  const peerId = idOf(name) as PeerId;
  let offers = 0;
  const offer = async (): Promise<void> => {
    const { peers } = await client.announce({ swarmId, peerId, resumeToken: '0'.repeat(64), want: 10 });
    for (const { peerId: to } of peers) {
      const offerId = idOf(`${name} ${offers++}`) as OfferId;
      const salt = createHash('sha256').update(offerId).digest();
      // A restart goes to somebody it knows.
      const context = { infoHash, swarmId, kind, from: peerId, offerId, ...(kind === 'restart' ? { to } : {}) };
      const sealed = seal(context, await describe(), () => salt);
      await client.relay('offer', { to, swarmId, offerId, sealed }).catch(() => undefined);
    }
    swarm.time.after(1000, () => void offer());
  };
  void offer();
}

/** A description of a connection that is there, and never answers. */
async function silentConnection(): Promise<string> {
  return (await swarm.network.createConnection().createOffer()).sdp ?? '';
}

async function playsBeside(victim: Member): Promise<void> {
  const reading = victim.read(0, film.length);
  await swarm.seed();
  expect(await swarm.settle(reading)).toEqual(film);
}

test('G4: however many offers come, only so many negotiations are pending, they end, and there is room for an honest peer', async () => {
  swarm = new VirtualSwarm(CONTENTS);
  const victim = await swarm.join();
  let strangers = 0;
  let most = 0;
  for (let count = 0; count < 15; count++) {
    startOfferer(`stranger ${count}`, async () => {
      most = Math.max(most, swarm.network.size - strangers);
      strangers++;
      return silentConnection();
    });
  }
  await swarm.time.pass(60_000);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(DEFAULT_LIMITS.negotiationsPerSession);
  await playsBeside(victim);
});

test('G5: offers that are no description, or too long for one, end at once', async () => {
  swarm = new VirtualSwarm(CONTENTS);
  const victim = await swarm.join();
  const texts = ['', 'v=0', '\0'.repeat(1000), 'v=0\r\ns=memory-999\r\n', `v=0\r\n${'a='.repeat(32 * 1024 - 3)}`];
  for (const [index, text] of texts.entries()) startOfferer(`stranger ${index}`, () => text);
  await swarm.time.pass(10_000);
  expect(swarm.network.size).toBeLessThanOrEqual(DEFAULT_LIMITS.negotiationsPerSession);
  await playsBeside(victim);
});

test('R3: restarts of links that there are not make no connection', async () => {
  swarm = new VirtualSwarm(CONTENTS);
  const victim = await swarm.join();
  await swarm.time.pass(5000);
  const connections = swarm.network.size;
  const strangers: string[] = [];
  for (let count = 0; count < 5; count++) {
    startOfferer(
      `stranger ${count}`,
      async () => {
        const description = await silentConnection();
        strangers.push(description);
        return description;
      },
      'restart',
    );
  }
  // An announce of the victim's own makes offers, which end with it.
  await swarm.time.pass(3000);
  expect(strangers.length).toBeGreaterThan(5);
  expect(swarm.network.size - strangers.length).toBeLessThanOrEqual(connections);
  await playsBeside(victim);
});
