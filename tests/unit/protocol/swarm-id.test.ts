import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { InfoHash } from '@/src/protocol/ids';
import { swarmIdOf } from '@/src/protocol/swarm-id';

const infoHash = 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c' as InfoHash;

test('S1: the swarm id is the first 20 bytes of SHA-256 over a label and the info hash', () => {
  const digest = createHash('sha256').update('lodestream swarm v1').update(Buffer.from(infoHash, 'hex')).digest('hex');
  expect(swarmIdOf(infoHash)).toBe(digest.slice(0, 40));
});

test('S1: it never changes, so that viewers of every version meet', () => {
  expect(swarmIdOf(infoHash)).toBe('e108d907b79a6c99a8ec5933c4ff52cc1f172d90');
});
