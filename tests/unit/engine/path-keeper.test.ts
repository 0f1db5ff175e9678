import { expect, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { PathKeeper } from '@/src/engine/path-keeper';
import { Peer, type PeerHandlers } from '@/src/engine/peer';
import { randomOfferId, randomPeerId } from '@/src/protocol/ids';
import { linkedPair } from '@/tests/unit/transport/negotiation-pair';
import { ManualClock } from './manual-clock';

/** Links of libdatachannel, which cannot restart ICE: those that can are in tests/e2e/lost-paths.test.ts. */

const randomBytes = (lengthBytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(lengthBytes));

const ignore = (): void => undefined;

async function keptPeer() {
  const [, link] = await linkedPair();
  const clock = new ManualClock();
  const gone: string[] = [];
  const dialled: string[] = [];
  const handlers: PeerHandlers = {
    onReady: ignore,
    onPossession: ignore,
    onHave: ignore,
    onDontHave: ignore,
    onMetadata: ignore,
    onHashes: ignore,
    onPush: ignore,
    onRequest: ignore,
    onCancel: ignore,
    onReject: ignore,
    onBlock: ignore,
    onChoking: ignore,
    onDrain: ignore,
    onLaneMessage: ignore,
    onLaneOpen: ignore,
    onLaneLost: ignore,
    onGone: (_peer, reason) => void gone.push(reason),
  };
  const peer = new Peer(randomPeerId(randomBytes), link, handlers, clock.now());
  const paths = new PathKeeper({
    engine: { clock, logger: silentLogger, randomBytes },
    couriers: () => [],
    onChange: ignore,
    onGivenUp: (_peer, reason) => void dialled.push(reason),
  });
  peer.start(randomPeerId(randomBytes), undefined);
  paths.addPeer(peer);
  return { clock, gone, dialled, peer, paths };
}

test('R4: a peer that floods offers is heard eight times a minute', async () => {
  const { clock, paths, peer } = await keptPeer();
  const heard = (): number => Array.from({ length: 100 }, () => paths.admitsOffer(peer.id)).filter(Boolean).length;
  expect(heard()).toBe(8);
  clock.advance(59_999);
  expect(heard()).toBe(0);
  clock.advance(1);
  expect(heard()).toBe(8);
});

test('R4: somebody who is not linked is not heard at all', async () => {
  const { paths } = await keptPeer();
  const stranger = randomPeerId(randomBytes);
  expect([paths.knows(stranger), paths.admitsOffer(stranger), paths.replace(stranger)]).toEqual([false, false, false]);
});

test('R5: an offer of a peer ends its link only where nothing comes over that any more', async () => {
  const { clock, gone, paths, peer } = await keptPeer();
  expect(paths.replace(peer.id)).toBe(false);
  clock.advance(5000);
  expect(paths.replace(peer.id)).toBe(true);
  expect(gone).toEqual(['the peer dialled anew']);
});

test('R3, R5: a restart that names another connection is refused, and costs a link only if that is lost', async () => {
  const { clock, dialled, paths, peer } = await keptPeer();
  const courier = { carry: () => Promise.reject(new Error('nothing is to be said')) };
  const offer = 'v=0\r\na=fingerprint:sha-256 00:11\r\n';
  await paths.receiveOffer(peer.id, randomOfferId(randomBytes), offer, courier);
  expect(dialled).toEqual([]);
  clock.advance(5000);
  await paths.receiveOffer(peer.id, randomOfferId(randomBytes), offer, courier);
  expect(dialled).toEqual(['the path was lost, and cannot be restarted']);
});
