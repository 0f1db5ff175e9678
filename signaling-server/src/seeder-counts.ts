import type { SwarmId } from '@/src/protocol/ids';
import type { SwarmMember } from './swarm-registry';

/** Which members of swarms have all of it, and how many those are. */
export class SeederCounts {
  readonly #seeders = new Set<SwarmMember>();
  readonly #bySwarm = new Map<SwarmId, number>();

  has(member: SwarmMember): boolean {
    return this.#seeders.has(member);
  }

  of(swarmId: SwarmId): number {
    return this.#bySwarm.get(swarmId) ?? 0;
  }

  set(member: SwarmMember, isSeeder: boolean): void {
    if (!isSeeder) return this.delete(member);
    if (this.#seeders.has(member)) return;
    this.#seeders.add(member);
    this.#bySwarm.set(member.swarmId, this.of(member.swarmId) + 1);
  }

  delete(member: SwarmMember): void {
    if (!this.#seeders.delete(member)) return;
    const left = this.of(member.swarmId) - 1;
    if (left > 0) this.#bySwarm.set(member.swarmId, left);
    else this.#bySwarm.delete(member.swarmId);
  }
}
