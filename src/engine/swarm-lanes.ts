import type { PeerId } from '@/src/protocol/ids';
import type { LaneMessage } from '@/src/protocol/peer-messages';
import { chooseLanes } from '@/src/scheduler/lane-policy';
import type { EngineOptions } from './engine-options';
import type { LaneRoom } from './lane-room';
import type { EngineLimits } from './limits';
import { LinkLanes } from './link-lanes';
import type { Peer } from './peer';

export interface SwarmLanesOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly ownId: PeerId;
  readonly room: LaneRoom;
  rtcConfiguration(): RTCConfiguration;
  /** Bytes of wanted pieces that are missing, capped at about what matters to the policy; infinite while nobody knows what there is. */
  missingBytes(): number;
  /** The film has stood still for want of pieces. */
  hasStalled(): boolean;
}

/** Opens and closes the connections beside each link's first, as they pay (lane-policy). */
export class SwarmLanes {
  readonly #options: SwarmLanesOptions;
  readonly #lanes = new Map<Peer, LinkLanes>();

  constructor(options: SwarmLanesOptions) {
    this.#options = options;
  }

  /** @param allowHost host candidates went and were taken when its first connection was made */
  addPeer(peer: Peer, allowHost: boolean): void {
    const { engine, limits, ownId, room } = this.#options;
    const lanes = new LinkLanes({
      engine,
      ownId,
      peerId: peer.id,
      room,
      timeoutMs: limits.negotiationTimeoutMs,
      allowHost,
      rtcConfiguration: () => this.#options.rtcConfiguration(),
      send: (message) => peer.send(message),
      onOpen: (link, onClose) => peer.addLane(link, engine.clock.now(), onClose),
      onOffence: (reason) => peer.drop(reason),
      onIdle: () => peer.idle(),
    });
    this.#lanes.set(peer, lanes);
  }

  removePeer(peer: Peer): void {
    this.#lanes.get(peer)?.closeAll('the link is over');
    this.#lanes.delete(peer);
  }

  /** They came over the path that is lost; others are opened once there is one. */
  closeLanes(peer: Peer): void {
    this.#lanes.get(peer)?.closeAll('the path was lost');
  }

  receive(peer: Peer, message: LaneMessage): void {
    this.#lanes.get(peer)?.receive(message);
  }

  steer(): void {
    const delivering = [...this.#lanes.keys()].filter(delivers).length;
    let missingBytes: number | undefined;
    for (const [peer, lanes] of this.#lanes) {
      const isWorth = delivers(peer);
      if (peer.isAway || (!isWorth && lanes.count === 0)) continue;
      missingBytes ??= this.#options.missingBytes();
      lanes.want(
        chooseLanes({
          lanes: lanes.count,
          rttMs: peer.path.rttMs,
          isRelayed: peer.path.kind === 'relay',
          deliveringPeers: delivering,
          wantedBytes: isWorth ? missingBytes : 0,
          isStarting: missingBytes === Number.POSITIVE_INFINITY,
          hasStalled: this.#options.hasStalled(),
          room: this.#options.room.left,
          idleMs: this.#options.engine.clock.now() - peer.lastBulkAtMs,
        }),
      );
    }
  }
}

/** What it may send unasked is on its way (SPEC N1). */
function delivers(peer: Peer): boolean {
  return !peer.owesNothing || peer.inbox?.isHolding === true;
}
