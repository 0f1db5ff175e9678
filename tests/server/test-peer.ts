import { randomBytes } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { systemClock } from '@/src/host/system-clock';
import { randomOfferId, randomPeerId, type OfferId, type PeerId, type SwarmId } from '@/src/protocol/ids';
import type { AnnounceAnswer, AnnounceRequest, PeerLeft, Relayed, RelayKind } from '@/src/protocol/signaling-events';
import type { SignalingClient, SignalingStatus } from '@/src/transport/signaling-client';
import { createSignaling } from '@/src/transport/create-signaling';
import { Mailbox } from './mailbox';

export const SWARM = 'a1'.repeat(20) as SwarmId;
export const OTHER_SWARM = 'b2'.repeat(20) as SwarmId;

export function newPeerId(): PeerId {
  return randomPeerId(randomBytes);
}

export function newOfferId(): OfferId {
  return randomOfferId(randomBytes);
}

export function newOffers(count: number): Array<{ offerId: OfferId; sealed: string }> {
  return Array.from({ length: count }, () => ({ offerId: newOfferId(), sealed: 'sealed-offer' }));
}

/** A client as the engine has it, and what it heard. */
export class TestPeer {
  readonly client: SignalingClient;
  readonly peerId = newPeerId();
  readonly resumeToken = randomBytes(32).toString('hex');
  readonly statuses = new Mailbox<SignalingStatus>();
  readonly relayed = new Mailbox<readonly [RelayKind, Relayed]>();
  readonly left = new Mailbox<PeerLeft>();
  readonly #stop = new AbortController();

  constructor(url: string, token?: string) {
    this.client = createSignaling({ url, token, signal: this.#stop.signal, clock: systemClock, random: () => 0, randomBytes });
    for (const swarmId of [SWARM, OTHER_SWARM]) {
      this.client.listen(
        swarmId,
        {
          onStatus: (status) => {
            if (swarmId === SWARM) this.statuses.put(status);
          },
          onRelayed: (...message) => this.relayed.put(message),
          onPeerLeft: this.left.put,
        },
        this.#stop.signal,
      );
    }
    onTestFinished(() => this.stop());
  }

  stop(): void {
    this.#stop.abort();
  }

  async connect(): Promise<this> {
    this.client.connect();
    await this.statuses.take(({ kind }) => kind === 'connected');
    return this;
  }

  announce(request: Partial<AnnounceRequest> = {}): Promise<AnnounceAnswer> {
    return this.client.announce({ swarmId: SWARM, peerId: this.peerId, resumeToken: this.resumeToken, want: 0, ...request });
  }

  relay(kind: RelayKind, to: TestPeer, offerId: OfferId, sealed = `sealed-${kind}`): Promise<void> {
    return this.client.relay(kind, { to: to.peerId, swarmId: SWARM, offerId, sealed });
  }
}

/** Connects a peer and announces it in `SWARM`. */
export async function join(url: string): Promise<TestPeer> {
  const peer = await new TestPeer(url).connect();
  await peer.announce();
  return peer;
}

export async function expectRefusal(call: Promise<unknown>, code: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'SignalingCallError', code });
}

/** A viewer that announces itself with one offer meets the seeder; both negotiate to the end, and the seeder's departure is told. */
export async function expectMeeting(viewer: TestPeer, seeder: TestPeer): Promise<void> {
  const offers = newOffers(1);
  const offerId = offers[0]?.offerId ?? newOfferId();
  expect((await viewer.announce({ want: 1, offers })).peers).toEqual([{ peerId: seeder.peerId, offerId }]);
  expect(await seeder.relayed.take()).toEqual(['offer', { swarmId: SWARM, offerId, from: viewer.peerId, sealed: 'sealed-offer' }]);
  await seeder.relay('answer', viewer, offerId);
  await seeder.relay('ice-candidate', viewer, offerId);
  expect(await viewer.relayed.take()).toMatchObject(['answer', { from: seeder.peerId }]);
  expect(await viewer.relayed.take()).toMatchObject(['ice-candidate', { from: seeder.peerId }]);
  await expectRefusal(seeder.relay('answer', viewer, offerId), 'no-open-offer');
  seeder.stop();
  expect(await viewer.left.take()).toEqual({ swarmId: SWARM, peerId: seeder.peerId });
}

/** Where a server is reached by `socket.io` or `ws`. */
export function addressOf({ url }: { readonly url: string }, transport: string): string {
  return transport === 'ws' ? `${url.replace('http', 'ws')}/ws` : url;
}
