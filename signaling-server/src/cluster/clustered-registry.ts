import type { PeerId, SwarmId } from '@/src/protocol/ids';
import type { Connection } from '../connection';
import type { JoinResult, SwarmMember, SwarmRegistry } from '../swarm-registry';

export interface MembershipListener {
  joined(member: SwarmMember): void;
  left(member: SwarmMember): void;
}

/** A registry that tells of the members of this node's own clients, as they come and go. */
export class ClusteredRegistry implements SwarmRegistry {
  readonly #local: SwarmRegistry;
  readonly #listener: MembershipListener;

  constructor(local: SwarmRegistry, listener: MembershipListener) {
    this.#local = local;
    this.#listener = listener;
  }

  get swarmCount(): number {
    return this.#local.swarmCount;
  }

  get memberCount(): number {
    return this.#local.memberCount;
  }

  join(connection: Connection, swarmId: SwarmId, peerId: PeerId, tokenDigest: string): JoinResult {
    const before = this.#local.membership(connection, swarmId);
    const joined = this.#local.join(connection, swarmId, peerId, tokenDigest);
    if ('refused' in joined) return joined;
    if (joined.departed !== undefined) this.#listener.left(joined.departed);
    if (joined.member !== before) this.#listener.joined(joined.member);
    return joined;
  }

  membership(connection: Connection, swarmId: SwarmId): SwarmMember | undefined {
    return this.#local.membership(connection, swarmId);
  }

  find(swarmId: SwarmId, peerId: PeerId): SwarmMember | undefined {
    return this.#local.find(swarmId, peerId);
  }

  draw(member: SwarmMember, count: number, fits: (other: SwarmMember) => boolean): SwarmMember[] {
    return this.#local.draw(member, count, fits);
  }

  sizeOf(swarmId: SwarmId): number {
    return this.#local.sizeOf(swarmId);
  }

  leave(connection: Connection, swarmId: SwarmId): SwarmMember | undefined {
    const member = this.#local.leave(connection, swarmId);
    if (member !== undefined) this.#listener.left(member);
    return member;
  }

  leaveAll(connection: Connection): SwarmMember[] {
    const members = this.#local.leaveAll(connection);
    for (const member of members) this.#listener.left(member);
    return members;
  }
}
