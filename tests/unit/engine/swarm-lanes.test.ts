import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { LaneRoom } from '@/src/engine/lane-room';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { PushInbox } from '@/src/engine/push-inbox';
import { SwarmLanes } from '@/src/engine/swarm-lanes';
import { createNodeConnection } from '@/src/host/node-rtc';
import { systemClock } from '@/src/host/system-clock';
import { MAX_LANES } from '@/src/protocol/peer-messages';
import { DEFAULT_LANE_LIMITS } from '@/src/scheduler/lane-policy';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { OWN_ID, peerIdOf, RemoteEnd } from './remote-end';

/** A peer over a path of 50 ms, and how many lanes it is to have. */
function lanesTo(missingBytes: number, hasStalled = false): { remote: RemoteEnd; steered: () => number } {
  const remote = new RemoteEnd(peerIdOf(1), {}, systemClock.now()).start().hello(100);
  remote.peer.path = { kind: 'host', rttMs: 50 };
  const room = new LaneRoom(20);
  const lanes = new SwarmLanes({
    engine: {
      store: createMemoryChunkStore(),
      createConnection: createNodeConnection,
      createSignaling: () => {
        throw new Error('no server is asked');
      },
      clock: systemClock,
      random: () => 0.5,
      randomBytes: (lengthBytes) => new Uint8Array(lengthBytes),
      sha1: async () => new Uint8Array(20),
      sha256: async () => new Uint8Array(32),
      logger: silentLogger,
    },
    limits: DEFAULT_LIMITS,
    ownId: OWN_ID,
    room,
    rtcConfiguration: () => ({ iceServers: [] }),
    missingBytes: () => missingBytes,
    hasStalled: () => hasStalled,
  });
  onTestFinished(() => lanes.removePeer(remote.peer));
  lanes.addPeer(remote.peer, true);
  return {
    remote,
    steered() {
      lanes.steer();
      return 20 - room.left;
    },
  };
}

test('while a peer may send unasked, before anybody knows what the film is, lanes are opened already', () => {
  const { remote, steered } = lanesTo(Number.POSITIVE_INFINITY);
  expect(steered(), 'nothing is on its way').toBe(0);
  remote.peer.inbox = new PushInbox(100_000);
  expect(steered()).toBe(DEFAULT_LANE_LIMITS.usualLanes);
});

test('once the film has stood still, all that a link may have are opened', () => {
  const { remote, steered } = lanesTo(50_000_000, true);
  remote.peer.inbox = new PushInbox(100_000);
  expect(steered()).toBe(MAX_LANES);
});

test('what was sent unasked and is all there is makes no lanes', () => {
  const { remote, steered } = lanesTo(0);
  remote.peer.inbox = new PushInbox(100_000);
  expect(steered()).toBe(0);
});
