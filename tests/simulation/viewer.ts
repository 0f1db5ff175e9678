import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { Member, type World } from './member';
import { Player } from './player';
import type { Person } from './population';
import type { SeededRandom } from './seeded-random';

/** Who has no picture after this long goes. */
const PATIENCE_MS = 60_000;

export interface ViewerRecord {
  readonly person: Person;
  /** From the click to the picture; undefined when there never was one. */
  readonly startMs: number | undefined;
  readonly stalls: number;
  readonly playedMs: number;
  readonly stalledMs: number;
  /** As the viewer left. */
  readonly session: SessionSnapshot | undefined;
}

/** One visit: opens the film, watches it for a while, leaves. Resolves once everything of it is gone. */
export async function visit(world: World, person: Person, random: SeededRandom, lingerMs: number): Promise<ViewerRecord> {
  const { clock, film } = world;
  const member = new Member(world, person.host, random);
  const sessionId = await member.open(film.magnet);
  const openedAtMs = clock.now();
  const leaving = new AbortController();
  const left = Promise.withResolvers<void>();
  let startMs: number | undefined;
  let player: Player | undefined;

  const cancelPatience = clock.after(PATIENCE_MS, left.resolve);
  if (person.host.kind !== 'liar') {
    const stream = await Promise.race([
      member.engine.openStream({ sessionId, fileIndex: 0, startBytes: 0 }, leaving.signal),
      left.promise.then(() => undefined),
    ]);
    if (stream !== undefined) {
      player = new Player({
        clock,
        stream,
        bytesPerMs: film.bytesPerMs,
        watchesMs: person.watchesMs,
        signal: leaving.signal,
        onBegin: () => {
          cancelPatience();
          startMs = clock.now() - openedAtMs;
          void member.pictureShown(sessionId);
        },
        onSeen: left.resolve,
      });
    }
  } else {
    cancelPatience();
    clock.after(person.watchesMs, left.resolve);
  }
  await left.promise;
  leaving.abort();
  const session = await member.look(sessionId);
  await leave(world, member, person, lingerMs);
  return {
    person,
    startMs,
    stalls: player?.stalls ?? 0,
    playedMs: player?.playedMs ?? 0,
    stalledMs: player?.stalledMs ?? 0,
    session,
  };
}

async function leave({ clock }: World, member: Member, { farewell }: Person, lingerMs: number): Promise<void> {
  switch (farewell) {
    case 'closes the tab': {
      member.closeTab();
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.after(lingerMs + 1000, resolve);
      await promise;
      return member.quit();
    }
    case 'quits':
      return member.quit();
    case 'vanishes':
      return member.vanish();
  }
}
