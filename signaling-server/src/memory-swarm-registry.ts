import { createHash, timingSafeEqual } from 'node:crypto';
import { assert } from '@/src/base/assert';
import type { PeerId, SwarmId } from '@/src/protocol/ids';
import { GONE, type Connection } from './connection';
import { Memberships } from './memberships';
import { OpenOffers } from './open-offers';
import { Swarm, type PlacedMember } from './swarm';
import type { JoinResult, SwarmMember, SwarmRegistry } from './swarm-registry';

export interface SwarmLimits {
  readonly maxSwarms: number;
  readonly maxSwarmsPerConnection: number;
  readonly maxMembersPerSwarm: number;
  readonly offerLifetimeSeconds: number;
}

/** Everything in this process's memory. `random` returns numbers from 0 up to, but not including, 1. */
export class MemorySwarmRegistry implements SwarmRegistry {
  readonly #limits: SwarmLimits;
  readonly #random: () => number;
  readonly #swarms = new Map<SwarmId, Swarm>();
  readonly #memberships = new Memberships();
  #memberCount = 0;

  constructor(limits: SwarmLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  get swarmCount(): number {
    return this.#swarms.size;
  }

  get memberCount(): number {
    return this.#memberCount;
  }

  join(connection: Connection, swarmId: SwarmId, peerId: PeerId, tokenDigest: string): JoinResult {
    const own = this.#memberships.get(connection, swarmId);
    const holder = this.#swarms.get(swarmId)?.find(peerId);
    if (holder !== undefined && holder === own) {
      own.tokenDigest = tokenDigest;
      return { member: own, departed: undefined };
    }
    if (holder !== undefined && !sameToken(holder.tokenDigest, tokenDigest)) return { refused: 'peer-id-taken' };
    if (own === undefined && !this.#hasRoom(connection, swarmId, holder !== undefined)) return { refused: 'swarm-limit' };

    const departed = this.leave(connection, swarmId);
    if (holder === undefined) return { member: this.#add(connection, swarmId, peerId, tokenDigest), departed };
    this.#memberships.delete(holder);
    holder.connection = connection;
    this.#memberships.add(holder);
    return { member: holder, departed };
  }

  membership(connection: Connection, swarmId: SwarmId): SwarmMember | undefined {
    return this.#memberships.get(connection, swarmId);
  }

  find(swarmId: SwarmId, peerId: PeerId): SwarmMember | undefined {
    return this.#swarms.get(swarmId)?.find(peerId);
  }

  sizeOf(swarmId: SwarmId): number {
    return this.#swarms.get(swarmId)?.size ?? 0;
  }

  draw(member: SwarmMember, count: number, fits: (other: SwarmMember) => boolean): SwarmMember[] {
    return this.#swarms.get(member.swarmId)?.draw(count, (other) => other !== member && fits(other), this.#random) ?? [];
  }

  leave(connection: Connection, swarmId: SwarmId): SwarmMember | undefined {
    const member = this.#memberships.get(connection, swarmId);
    if (member !== undefined) this.#remove(member);
    return member;
  }

  leaveAll(connection: Connection): SwarmMember[] {
    const members = this.#memberships.of(connection);
    for (const member of members) this.#remove(member);
    return [...members];
  }

  #hasRoom(connection: Connection, swarmId: SwarmId, takesOver: boolean): boolean {
    if (this.#memberships.countOf(connection) >= this.#limits.maxSwarmsPerConnection) return false;
    const swarm = this.#swarms.get(swarmId);
    if (swarm === undefined) return this.#swarms.size < this.#limits.maxSwarms;
    return takesOver || swarm.size < this.#limits.maxMembersPerSwarm;
  }

  #add(connection: Connection, swarmId: SwarmId, peerId: PeerId, tokenDigest: string): PlacedMember {
    let swarm = this.#swarms.get(swarmId);
    if (swarm === undefined) this.#swarms.set(swarmId, (swarm = new Swarm(swarmId)));
    const offers = new OpenOffers<SwarmMember>(this.#limits.offerLifetimeSeconds * 1000);
    // One text names the swarm for all its members.
    const member: PlacedMember = { swarmId: swarm.id, peerId, connection, tokenDigest, offers, knownBy: undefined, index: 0 };
    swarm.add(member);
    this.#memberships.add(member);
    this.#memberCount++;
    return member;
  }

  #remove(member: PlacedMember): void {
    this.#memberships.delete(member);
    member.connection = GONE;
    const swarm = this.#swarms.get(member.swarmId);
    assert(swarm !== undefined, 'a member is in a swarm');
    swarm.remove(member);
    if (swarm.size === 0) this.#swarms.delete(member.swarmId);
    this.#memberCount--;
  }
}

/** Compares digests, so that the time taken tells nothing about the token. */
function sameToken(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
