import type { SwarmId } from '@/src/protocol/ids';
import type { Connection } from './connection';
import type { PlacedMember } from './swarm';

/** Which swarms each connection is a member of. Nearly every one is in a single swarm, and takes no table of its own for that. */
export class Memberships {
  readonly #byConnection = new Map<Connection, PlacedMember | Map<SwarmId, PlacedMember>>();

  get(connection: Connection, swarmId: SwarmId): PlacedMember | undefined {
    const own = this.#byConnection.get(connection);
    if (own instanceof Map) return own.get(swarmId);
    return own?.swarmId === swarmId ? own : undefined;
  }

  of(connection: Connection): readonly PlacedMember[] {
    const own = this.#byConnection.get(connection);
    if (own === undefined) return [];
    return own instanceof Map ? [...own.values()] : [own];
  }

  countOf(connection: Connection): number {
    const own = this.#byConnection.get(connection);
    if (own === undefined) return 0;
    return own instanceof Map ? own.size : 1;
  }

  add(member: PlacedMember): void {
    const { connection, swarmId } = member;
    const own = this.#byConnection.get(connection);
    if (own === undefined) this.#byConnection.set(connection, member);
    else if (own instanceof Map) own.set(swarmId, member);
    else {
      const several = new Map([
        [own.swarmId, own],
        [swarmId, member],
      ]);
      this.#byConnection.set(connection, several);
    }
  }

  delete({ connection, swarmId }: PlacedMember): void {
    const own = this.#byConnection.get(connection);
    if (own instanceof Map) own.delete(swarmId);
    if (!(own instanceof Map) || own.size === 0) this.#byConnection.delete(connection);
  }
}
