import { expect, test } from 'vitest';
import { serverTestWords } from '@/src/ui/state/server-test-words';
import { notice } from '@/src/protocol/notice';

test('a server that works is described by what it speaks and how fast', () => {
  expect(serverTestWords({ ok: true, protocol: 'Socket.IO', connectMs: 40.4, roundTripMs: 11.6 })).toBe(
    'Works: Socket.IO; first answer after 40 ms, round trip 12 ms.',
  );
  expect(serverTestWords({ ok: true, protocol: 'STUN', connectMs: 40 })).toBe('Works: STUN; first answer after 40 ms.');
});

test('one that does not is described by its reason', () => {
  expect(serverTestWords({ ok: false, reason: notice('testNoServer', { protocol: 'TURN' }) })).toBe(
    'No TURN server answers at this address.',
  );
});
