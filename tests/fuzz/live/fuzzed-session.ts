import assert from 'node:assert/strict';
import type { EngineLimits } from '@/src/engine/limits';
import { fakeFilm } from '@/tests/support/local-swarm';
import { v1Contents, v2Contents, type FilmContents } from '@/tests/support/virtual-swarm/film-contents';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';
import { UnrulyPeer, type UnrulyScript } from './unruly-peer';

export interface SessionScript extends UnrulyScript {
  readonly seed: number;
  readonly version: 'v1' | 'v2';
  /** How long the offender is alone with its victim. */
  readonly honestAfterMs: number;
}

/** Far more than a film of 300 KB takes, whatever a peer sends. */
const MAX_BUFFERS_BYTES = 64 * 1024 * 1024;
const LIMITS: Partial<EngineLimits> = { assemblyBytes: 256 * 1024, windowBytes: 128 * 1024 };
const PIECE_BYTES = 32 * 1024;

const film = fakeFilm(300_000);
const CONTENTS: Readonly<Record<SessionScript['version'], FilmContents>> = {
  v1: v1Contents(film, PIECE_BYTES),
  v2: v2Contents(film, PIECE_BYTES),
};

/**
 * A whole engine finishes a film of an honest one, while a third peer does to both what the script says.
 *
 * @throws {Error} when it does not, takes wrong bytes for right ones, holds too much memory, throws somewhere, or keeps an offender
 */
export async function runFuzzedSession(script: SessionScript): Promise<void> {
  const contents = CONTENTS[script.version];
  const swarm = new VirtualSwarm(contents, script.seed);
  const troubles = collectTroubles();
  const buffersBefore = process.memoryUsage().arrayBuffers;
  const links: UnrulyPeer[] = [];
  swarm.hostile((connection) => void links.push(new UnrulyPeer(connection, script, contents, swarm.time)));
  try {
    const victim = await swarm.join(LIMITS);
    const reading = victim.read(0, film.length);
    await swarm.time.pass(script.honestAfterMs);
    await swarm.seed(LIMITS);
    assert.equal(Buffer.compare(await swarm.settle(reading), film), 0, 'the film is what it was');
    const heldBytes = process.memoryUsage().arrayBuffers - buffersBefore;
    assert.ok(heldBytes < MAX_BUFFERS_BYTES, `${heldBytes} bytes of buffers`);
    await swarm.time.pass(1000);
    offendersAreGone(links);
  } finally {
    await swarm.close();
    troubles.stop();
  }
  assert.deepEqual(troubles.found, []);
}

/** For good: whoever dropped it is not linked to it again. */
function offendersAreGone(links: readonly UnrulyPeer[]): void {
  const offended = new Map<string, string>();
  for (const { peerId, offence, isClosed } of links) {
    const rule = offence ?? offended.get(peerId);
    if (rule !== undefined) offended.set(peerId, rule);
    assert.ok(rule === undefined || isClosed, `who broke ${rule} is still linked`);
  }
}

/** What nobody catches: in a browser it would go to the console, and the engine would go on with half of its work undone. */
function collectTroubles(): { readonly found: string[]; stop(): void } {
  const found: string[] = [];
  const note = (error: unknown): void => void found.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  return {
    found,
    stop() {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    },
  };
}
