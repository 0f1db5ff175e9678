import type { PeerId, SwarmId } from '@/src/protocol/ids';
import { drawAccepted } from './draw-members';
import type { SwarmMember } from './swarm-registry';

export interface PlacedMember extends SwarmMember {
  /** Its place in its swarm. */
  index: number;
}

/** Up to so many are looked through; an index beside the list, and room for more in it, would take more memory than the members do. */
const FEW = 8;

/** The members of one swarm. There are tens of thousands of swarms of a few, and a few of thousands. */
export class Swarm {
  readonly id: SwarmId;
  #members: PlacedMember[] = [];
  /** Of a swarm that was once larger than a few. */
  #byPeerId: Map<PeerId, PlacedMember> | undefined;

  constructor(id: SwarmId) {
    this.id = id;
  }

  get size(): number {
    return this.#members.length;
  }

  find(peerId: PeerId): PlacedMember | undefined {
    return this.#byPeerId === undefined ? this.#members.find((member) => member.peerId === peerId) : this.#byPeerId.get(peerId);
  }

  add(member: PlacedMember): void {
    member.index = this.#members.length;
    // Exactly as long as it has to be.
    if (member.index < FEW) this.#members = this.#members.concat(member);
    else this.#members.push(member);
    if (member.index >= FEW) this.#byPeerId ??= new Map(this.#members.map((one) => [one.peerId, one]));
    this.#byPeerId?.set(member.peerId, member);
  }

  remove(member: PlacedMember): void {
    this.#byPeerId?.delete(member.peerId);
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    this.#members[member.index] = last;
    last.index = member.index;
  }

  draw(count: number, accept: (member: SwarmMember) => boolean, random: () => number): SwarmMember[] {
    return drawAccepted(this.#members, count, accept, random);
  }
}
