import { createHash, timingSafeEqual } from 'node:crypto';
import { assert } from '@/src/base/assert';
import type { PeerId, SwarmId } from '@/src/protocol/ids';
import type { Connection } from './connection';
import { drawAccepted } from './draw-members';
import { OpenOffers } from './open-offers';
import type { JoinResult, SwarmMember, SwarmRegistry } from './swarm-registry';

export interface SwarmLimits {
  readonly maxSwarms: number;
  readonly maxSwarmsPerConnection: number;
  readonly maxMembersPerSwarm: number;
  readonly offerLifetimeSeconds: number;
}

interface PlacedMember extends SwarmMember {
  /** Its place in `Swarm.drawable`. */
  index: number;
}

interface Swarm {
  readonly byPeerId: Map<PeerId, PlacedMember>;
  /** The same members where a random one is one step away. */
  readonly drawable: PlacedMember[];
}

/** Everything in this process's memory. `random` returns numbers from 0 up to, but not including, 1. */
export class MemorySwarmRegistry implements SwarmRegistry {
  readonly #limits: SwarmLimits;
  readonly #random: () => number;
  readonly #swarms = new Map<SwarmId, Swarm>();
  readonly #memberships = new Map<Connection, Map<SwarmId, PlacedMember>>();
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
    const own = this.#memberships.get(connection)?.get(swarmId);
    const holder = this.#swarms.get(swarmId)?.byPeerId.get(peerId);
    if (holder !== undefined && holder === own) {
      own.tokenDigest = tokenDigest;
      return { member: own, departed: undefined };
    }
    if (holder !== undefined && !sameToken(holder.tokenDigest, tokenDigest)) return { refused: 'peer-id-taken' };
    if (own === undefined && !this.#hasRoom(connection, swarmId, holder !== undefined)) return { refused: 'swarm-limit' };

    const departed = this.leave(connection, swarmId);
    if (holder === undefined) return { member: this.#add(connection, swarmId, peerId, tokenDigest), departed };
    this.#unlink(holder);
    holder.connection = connection;
    this.#link(holder);
    return { member: holder, departed };
  }

  membership(connection: Connection, swarmId: SwarmId): SwarmMember | undefined {
    return this.#memberships.get(connection)?.get(swarmId);
  }

  find(swarmId: SwarmId, peerId: PeerId): SwarmMember | undefined {
    return this.#swarms.get(swarmId)?.byPeerId.get(peerId);
  }

  sizeOf(swarmId: SwarmId): number {
    return this.#swarms.get(swarmId)?.drawable.length ?? 0;
  }

  draw(member: SwarmMember, count: number, fits: (other: SwarmMember) => boolean): SwarmMember[] {
    const drawable = this.#swarms.get(member.swarmId)?.drawable ?? [];
    return drawAccepted(drawable, count, (other) => other !== member && fits(other), this.#random);
  }

  leave(connection: Connection, swarmId: SwarmId): SwarmMember | undefined {
    const member = this.#memberships.get(connection)?.get(swarmId);
    if (member !== undefined) this.#remove(member);
    return member;
  }

  leaveAll(connection: Connection): SwarmMember[] {
    const members = [...(this.#memberships.get(connection)?.values() ?? [])];
    for (const member of members) this.#remove(member);
    return members;
  }

  #hasRoom(connection: Connection, swarmId: SwarmId, takesOver: boolean): boolean {
    if ((this.#memberships.get(connection)?.size ?? 0) >= this.#limits.maxSwarmsPerConnection) return false;
    const swarm = this.#swarms.get(swarmId);
    if (swarm === undefined) return this.#swarms.size < this.#limits.maxSwarms;
    return takesOver || swarm.drawable.length < this.#limits.maxMembersPerSwarm;
  }

  #add(connection: Connection, swarmId: SwarmId, peerId: PeerId, tokenDigest: string): PlacedMember {
    let swarm = this.#swarms.get(swarmId);
    if (swarm === undefined) this.#swarms.set(swarmId, (swarm = { byPeerId: new Map(), drawable: [] }));
    const offers = new OpenOffers<SwarmMember>(this.#limits.offerLifetimeSeconds * 1000);
    const member = { swarmId, peerId, connection, tokenDigest, offers, knownBy: new Set<SwarmMember>(), index: swarm.drawable.length };
    swarm.byPeerId.set(peerId, member);
    swarm.drawable.push(member);
    this.#memberCount++;
    this.#link(member);
    return member;
  }

  #remove(member: PlacedMember): void {
    this.#unlink(member);
    const swarm = this.#swarms.get(member.swarmId);
    assert(swarm !== undefined, 'a member is in a swarm');
    swarm.byPeerId.delete(member.peerId);
    const last = swarm.drawable.pop();
    if (last !== undefined && last !== member) {
      swarm.drawable[member.index] = last;
      last.index = member.index;
    }
    if (swarm.drawable.length === 0) this.#swarms.delete(member.swarmId);
    this.#memberCount--;
  }

  #link(member: PlacedMember): void {
    let memberships = this.#memberships.get(member.connection);
    if (memberships === undefined) this.#memberships.set(member.connection, (memberships = new Map()));
    memberships.set(member.swarmId, member);
  }

  #unlink(member: PlacedMember): void {
    const memberships = this.#memberships.get(member.connection);
    memberships?.delete(member.swarmId);
    if (memberships?.size === 0) this.#memberships.delete(member.connection);
  }
}

/** Compares digests, so that the time taken tells nothing about the token. */
function sameToken(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
