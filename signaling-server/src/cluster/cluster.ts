import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { tellDeparture } from '../acquaintance';
import type { Connection, ServerMessage } from '../connection';
import { relay } from '../relay';
import type { SeederCounts } from '../seeder-counts';
import type { SwarmMember, SwarmRegistry } from '../swarm-registry';
import { readClusterMessage, type ClusterMember, type ClusterMessage, type ClusterRelay, type Scope } from './cluster-messages';
import { openRedisBus, type Bus } from './redis-bus';

export interface ClusterOptions {
  readonly url: string;
  readonly registries: Readonly<Record<Scope, SwarmRegistry>>;
  readonly seeders: SeederCounts;
  readonly log: Logger;
  readonly nowMs: () => number;
}

type Place = Pick<ClusterMember, 'scope' | 'swarmId' | 'peerId'>;

const ALL = 'lodestream:all';
const BEAT_MS = 1000;
/** A node that was not heard for so long is gone, and with it its members. */
const SILENT_MS = 4000;
/** In one message. */
const MEMBERS_AT_ONCE = 500;

/** A client of another node: what is delivered to it travels there. */
class RemoteConnection implements Connection {
  readonly addressKey = 'another node';
  readonly node: string;
  readonly place: Place;
  readonly #send: (node: string, place: Place, message: ServerMessage) => void;

  constructor(node: string, place: Place, send: (node: string, place: Place, message: ServerMessage) => void) {
    this.node = node;
    this.place = place;
    this.#send = send;
  }

  deliver(message: ServerMessage): boolean {
    this.#send(this.node, this.place, message);
    return true;
  }
}

/**
 * Several nodes as one service. Each keeps the members of all the others in its own registries, behind connections that lead to their node;
 * so every rule of one node holds between nodes, and is checked by both. Without Redis a node serves its own clients, and finds the others
 * again when it is back.
 */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #node = randomUUID();
  readonly #bus: Bus;
  readonly #timer: NodeJS.Timeout;
  /** Of each other node its members, by place, and when it was heard. */
  readonly #nodes = new Map<string, { heardAtMs: number; readonly members: Map<string, RemoteConnection>; synced: Set<string> }>();
  readonly #own = new Map<string, Place & { readonly member: SwarmMember }>();
  #joined: Place[] = [];
  #left: Place[] = [];
  #isFlushing = false;
  #isClosed = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#bus = openRedisBus(
      options.url,
      [ALL, channelOf(this.#node)],
      {
        onMessage: (text) => this.#onMessage(text),
        onUp: () => this.#send(ALL, { type: 'hello', node: this.#node }),
        onDown: () => undefined,
      },
      options.log,
    );
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    this.#timer.unref();
  }

  get isConnected(): boolean {
    return this.#bus.isConnected;
  }

  /** Other nodes that are heard. */
  get nodeCount(): number {
    return this.#nodes.size;
  }

  /** A client of this node joined, or came back. */
  joined(scope: Scope, member: SwarmMember): void {
    const place = { scope, swarmId: member.swarmId, peerId: member.peerId };
    this.#own.set(keyOf(place), { ...place, member });
    this.#joined.push(place);
    this.#flushSoon();
  }

  left(scope: Scope, { swarmId, peerId }: SwarmMember): void {
    const place = { scope, swarmId, peerId };
    if (!this.#own.delete(keyOf(place))) return;
    this.#left.push(place);
    this.#flushSoon();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#send(ALL, { type: 'bye', node: this.#node });
    // Anything more, such as of clients that are sent away now, would bring it back at the others.
    this.#isClosed = true;
    await this.#bus.close();
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#joined.length + this.#left.length === 0) return;
    const joined = this.#joined.flatMap((place) => this.#describe(this.#own.get(keyOf(place))));
    const left = this.#left.filter((place) => !this.#own.has(keyOf(place)));
    this.#joined = [];
    this.#left = [];
    for (const members of partsOf(joined)) this.#send(ALL, { type: 'members', node: this.#node, members });
    for (const members of partsOf(left)) this.#send(ALL, { type: 'left', node: this.#node, members });
  }

  #describe(own: (Place & { readonly member: SwarmMember }) | undefined): ClusterMember[] {
    if (own === undefined) return [];
    const { scope, swarmId, peerId, member } = own;
    return [{ scope, swarmId, peerId, tokenDigest: member.tokenDigest, isSeeder: this.#options.seeders.has(member) }];
  }

  #beat(): void {
    this.#send(ALL, { type: 'beat', node: this.#node });
    const silentSinceMs = this.#options.nowMs() - SILENT_MS;
    for (const [node, { heardAtMs }] of this.#nodes) if (heardAtMs < silentSinceMs) this.#forgetNode(node);
  }

  #onMessage(text: string): void {
    const message = readClusterMessage(text);
    if (message === undefined || message.node === this.#node) return;
    if (message.type === 'bye') return this.#forgetNode(message.node);
    const isNew = !this.#nodes.has(message.node);
    const known = this.#nodes.get(message.node) ?? {
      heardAtMs: 0,
      members: new Map<string, RemoteConnection>(),
      synced: new Set<string>(),
    };
    known.heardAtMs = this.#options.nowMs();
    this.#nodes.set(message.node, known);
    if (isNew) this.#send(channelOf(message.node), { type: 'hello', node: this.#node });
    switch (message.type) {
      case 'beat':
        return;
      case 'hello':
        return this.#sendAll(message.node);
      case 'members':
        return this.#onMembers(message);
      case 'left':
        for (const place of message.members) this.#removeRemote(message.node, keyOf(place));
        return;
      case 'relay':
        return this.#onRelay(message);
    }
  }

  #sendAll(node: string): void {
    const parts = partsOf([...this.#own.values()].flatMap((own) => this.#describe(own)));
    const last = parts.pop() ?? [];
    for (const members of parts) this.#send(channelOf(node), { type: 'members', node: this.#node, members, sync: 'part' });
    this.#send(channelOf(node), { type: 'members', node: this.#node, members: last, sync: 'whole' });
  }

  #onMembers({ node, members, sync }: Extract<ClusterMessage, { type: 'members' }>): void {
    const known = this.#nodes.get(node);
    if (known === undefined) return;
    for (const member of members) {
      const key = keyOf(member);
      if (sync !== undefined) known.synced.add(key);
      this.#addRemote(node, key, member);
    }
    if (sync !== 'whole') return;
    // What it said of these while this node could not hear is made up for.
    for (const key of known.members.keys()) if (!known.synced.has(key)) this.#removeRemote(node, key);
    known.synced = new Set();
  }

  #addRemote(node: string, key: string, { scope, swarmId, peerId, tokenDigest, isSeeder }: ClusterMember): void {
    const members = this.#nodes.get(node)?.members;
    const registry = this.#options.registries[scope];
    const connection = members?.get(key) ?? new RemoteConnection(node, { scope, swarmId, peerId }, (...parts) => this.#deliver(...parts));
    // One of this node's own that went there takes its peer id along.
    const joined = registry.join(connection, swarmId, peerId, tokenDigest);
    if ('refused' in joined) return;
    this.#own.delete(key);
    members?.set(key, connection);
    this.#options.seeders.set(joined.member, scope === 'tracker' && isSeeder);
  }

  #removeRemote(node: string, key: string): void {
    const members = this.#nodes.get(node)?.members;
    const connection = members?.get(key);
    if (connection === undefined) return;
    members?.delete(key);
    const registry = this.#options.registries[connection.place.scope];
    const member = registry.leave(connection, connection.place.swarmId);
    if (member === undefined) return;
    this.#options.seeders.delete(member);
    tellDeparture(registry, member);
  }

  #forgetNode(node: string): void {
    for (const key of this.#nodes.get(node)?.members.keys() ?? []) this.#removeRemote(node, key);
    this.#nodes.delete(node);
  }

  #deliver(node: string, { scope, swarmId, peerId }: Place, { event, payload }: ServerMessage): void {
    // Of departures its own node tells it.
    if (event === 'peer-left') return;
    const { from, offerId, sealed } = payload;
    // Whoever gets an offer must have heard of its sender.
    this.#flush();
    this.#send(channelOf(node), {
      type: 'relay',
      node: this.#node,
      kind: event,
      scope,
      swarmId,
      from,
      to: peerId,
      offerId,
      sealed: String(sealed),
    });
  }

  /** The same rules once more, here: an answer needs its offer on both sides. */
  #onRelay({ node, kind, scope, swarmId, from, to, offerId, sealed }: ClusterRelay): void {
    const connection = this.#nodes.get(node)?.members.get(keyOf({ scope, swarmId, peerId: from }));
    if (connection !== undefined)
      relay(this.#options.registries[scope], connection, kind, { to, swarmId, offerId, sealed }, this.#options.nowMs());
  }

  #send(channel: string, message: ClusterMessage): void {
    if (!this.#isClosed) this.#bus.send(channel, JSON.stringify(message));
  }
}

function channelOf(node: string): string {
  return `lodestream:node:${node}`;
}

function keyOf({ scope, swarmId, peerId }: Place): string {
  return `${scope}:${swarmId}:${peerId}`;
}

function partsOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / MEMBERS_AT_ONCE) }, (_, part) =>
    items.slice(part * MEMBERS_AT_ONCE, (part + 1) * MEMBERS_AT_ONCE),
  );
}
