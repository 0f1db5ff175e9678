import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { concatBytes } from '@/src/base/bytes';
import { leafHashes } from '@/src/protocol/merkle';
import { SuspectBlocks, type AuthoredBlock } from '@/src/engine/suspect-blocks';
import { fakeFilm } from '@/tests/support/local-swarm';
import { peerIdOf, RemoteEnd } from './remote-end';

const KIB = 1024;
const engine = { sha256: async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest() };

test('H6, B6: the hashes of its blocks name who spoilt a piece, before the piece has come again', async () => {
  const right = fakeFilm(150 * KIB + 77);
  const spoilt = concatBytes(right);
  spoilt[70 * KIB] = (spoilt[70 * KIB] ?? 0) ^ 1;
  const honest = new RemoteEnd(peerIdOf(1)).peer;
  const liar = new RemoteEnd(peerIdOf(2)).peer;
  const blocks: AuthoredBlock[] = [
    { author: honest, offsetBytes: 0, lengthBytes: 64 * KIB },
    { author: liar, offsetBytes: 64 * KIB, lengthBytes: 16 * KIB },
    { author: honest, offsetBytes: 80 * KIB, lengthBytes: 64 * KIB },
    { author: honest, offsetBytes: 144 * KIB, lengthBytes: 6 * KIB + 77 },
  ];
  const suspects = new SuspectBlocks((bytes) => leafHashes(engine, bytes));
  await suspects.remember(3, spoilt, blocks);
  const { liars, cleared } = await suspects.judgeByLeaves(3, await leafHashes(engine, right));
  expect([...liars]).toEqual([liar]);
  expect([...cleared]).toEqual([honest]);
});
