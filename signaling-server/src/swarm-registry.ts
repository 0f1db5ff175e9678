import type { PeerId, SwarmId } from '@/src/protocol/ids';
import type { Connection } from './connection';
import type { OpenOffers } from './open-offers';
import type { RefusalCode } from './refusal';

/** Who is in which swarm. Every transport shares one; a swarm exists as long as it has a member. */
export interface SwarmRegistry {
  readonly swarmCount: number;
  readonly memberCount: number;
  /**
   * Makes the connection a member under that peer id, or finds that it is one already. A peer id belongs to the connection that announced it;
   * another one takes it over with the resume token it was announced with, of which this is told a digest. A connection has one peer id in a swarm: a new one replaces the
   * old, which comes back as `departed`.
   */
  join(connection: Connection, swarmId: SwarmId, peerId: PeerId, tokenDigest: string): JoinResult;
  /** The connection's own membership. */
  membership(connection: Connection, swarmId: SwarmId): SwarmMember | undefined;
  find(swarmId: SwarmId, peerId: PeerId): SwarmMember | undefined;
  /** Up to `count` other members of the member's swarm at random, of those that fit. */
  draw(member: SwarmMember, count: number, fits: (other: SwarmMember) => boolean): SwarmMember[];
  /** Members of a swarm; 0 when there is no such swarm. */
  sizeOf(swarmId: SwarmId): number;
  leave(connection: Connection, swarmId: SwarmId): SwarmMember | undefined;
  leaveAll(connection: Connection): SwarmMember[];
}

export interface SwarmMember {
  readonly swarmId: SwarmId;
  readonly peerId: PeerId;
  /** Changes when a reconnected client takes its peer id over, and once this is no member any more. */
  connection: Connection;
  /** Of the resume token: other nodes are told it, and must not be told the token itself. */
  tokenDigest: string;
  readonly offers: OpenOffers<SwarmMember>;
  /** Members that learnt of this one and are told when it goes; the newest few hundred. Undefined for most: thousands only wait. */
  knownBy: Set<SwarmMember> | undefined;
}

export type JoinResult =
  | { readonly member: SwarmMember; readonly departed: SwarmMember | undefined }
  | { readonly refused: Extract<RefusalCode, 'peer-id-taken' | 'swarm-limit'> };
