import type { PeerId, SwarmId } from '@/src/protocol/ids';
import type { HubParts } from './client-session';
import type { Connection, ServerMessage } from './connection';
import { RateWindow } from './rate-window';
import { refusal, type RefusalCode } from './refusal';
import type { SeederCounts } from './seeder-counts';
import type { SwarmMember } from './swarm-registry';
import { binaryText, readTrackerRequest, type TrackerAnnounce, type TrackerAnswer, type TrackerRequest } from './tracker-messages';

export interface TrackerParts extends HubParts {
  readonly seeders: SeederCounts;
}

/** A seeder wants no other seeder; but where there are hardly any others, looking for them must not cost as much as the swarm is large. */
const MAX_LOOKED_AT = 200;
/** Peer ids on one socket. */
const MAX_PEERS = 20;
/** As for native messages: a point for each so many characters. */
const CHARS_PER_POINT = 8192;

/** One client of `/announce`. Its swarms are not those of the native protocol: what is said in them has another form. */
export class TrackerSession {
  readonly #parts: TrackerParts;
  readonly #connection: Connection;
  /** By peer id: clients of one page share a socket, and may be members of one swarm. */
  readonly #peers = new Map<PeerId, Connection>();
  readonly #spent = new RateWindow();
  #closed = false;

  constructor(parts: TrackerParts, connection: Connection) {
    this.#parts = parts;
    this.#connection = connection;
  }

  /** What to say, if anything, whether this was one message too many, and whether to end the connection then. */
  handle(text: string | undefined): { readonly say: string | undefined; readonly isThrottled: boolean; readonly cut: boolean } {
    const { rateLimits, metrics } = this.#parts;
    const { addressKey } = this.#connection;
    // Of whoever has nothing left, no message is read: a flood costs the least there is.
    const isSpent = text === undefined || rateLimits.isSpent(this.#spent, addressKey);
    const request = isSpent ? 'A message is text.' : readTrackerRequest(text);
    const points = 1 + Math.floor((text?.length ?? 0) / CHARS_PER_POINT) + offerCount(request);
    const admission = rateLimits.message(this.#spent, addressKey, points);
    if (admission !== 'admitted') return { say: this.#refuse(request, 'rate-limited'), isThrottled: true, cut: admission === 'cut' };
    if (typeof request === 'string') {
      metrics.refused('bad-message');
      return { say: failureText(undefined, request), isThrottled: false, cut: false };
    }
    return { say: this.#closed ? undefined : this.#obey(request), isThrottled: false, cut: false };
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#peers.values()) {
      for (const member of this.#parts.registry.leaveAll(connection)) this.#forget(member);
    }
  }

  #obey(request: TrackerRequest): string | undefined {
    switch (request.kind) {
      case 'announce':
        return this.#announce(request.message);
      case 'answer':
        this.#answer(request.message);
        return undefined;
      case 'scrape':
        this.#parts.metrics.obeyed('scrape');
        return JSON.stringify({
          action: 'scrape',
          files: Object.fromEntries(request.message.info_hash.map((swarmId) => [binaryText(swarmId), this.#count(swarmId)])),
        });
      default:
        return request satisfies never;
    }
  }

  #announce({ info_hash: swarmId, peer_id: peerId, event, left, numwant, offers }: TrackerAnnounce): string | undefined {
    const { access, registry, seeders, metrics, announceIntervalSeconds, nowMs } = this.#parts;
    if (event === 'stopped') {
      const left = this.#peers.get(peerId);
      const member = left === undefined ? undefined : registry.leave(left, swarmId);
      if (member !== undefined) this.#forget(member);
      return undefined;
    }
    if (!access.allowsSwarm(swarmId)) return this.#failure(swarmId, 'swarm-not-allowed');
    // The protocol has no resume token: a peer id is taken over from the same address alone.
    const connection = this.#connectionOf(peerId);
    if (connection === undefined) return this.#failure(swarmId, 'swarm-limit');
    const joined = registry.join(connection, swarmId, peerId, this.#connection.addressKey);
    if ('refused' in joined) return this.#failure(swarmId, joined.refused);
    if (joined.departed !== undefined) this.#forget(joined.departed);
    const { member } = joined;
    seeders.set(member, left === 0 || event === 'completed');

    const waiting = (offers ?? []).values();
    const wanted = Math.min(numwant ?? Number.POSITIVE_INFINITY, offers?.length ?? 0);
    let lookedAt = 0;
    const isSeeder = seeders.has(member);
    for (const other of registry.draw(member, wanted, (one) => !isSeeder || !seeders.has(one) || ++lookedAt > MAX_LOOKED_AT)) {
      const offer = waiting.next().value;
      if (offer === undefined) break;
      member.offers.open(offer.offer_id, other, nowMs());
      other.connection.deliver({ event: 'offer', payload: { from: peerId, swarmId, offerId: offer.offer_id, sealed: offer.offer.sdp } });
    }
    metrics.obeyed('announce');
    const { complete, incomplete } = this.#count(swarmId);
    return `{"action":"announce","interval":${announceIntervalSeconds},"info_hash":${idJson(swarmId)},"complete":${complete},"incomplete":${incomplete}}`;
  }

  /** Told to nobody when it fails, as trackers do: whoever made the offer has gone, or its time is over. */
  #answer({ info_hash: swarmId, peer_id: from, to_peer_id: to, offer_id: offerId, answer }: TrackerAnswer): void {
    const { registry, metrics, nowMs } = this.#parts;
    const connection = this.#peers.get(from);
    const sender = connection === undefined ? undefined : registry.membership(connection, swarmId);
    const receiver = registry.find(swarmId, to);
    if (sender === undefined) return metrics.refused('not-announced');
    if (receiver === undefined) return metrics.refused('unknown-peer');
    if (!receiver.offers.answer(offerId, sender, nowMs())) return metrics.refused('no-open-offer');
    receiver.connection.deliver({ event: 'answer', payload: { from: sender.peerId, swarmId, offerId, sealed: answer.sdp } });
    metrics.obeyed('answer');
  }

  /** Undefined when there are too many of them. */
  #connectionOf(peerId: PeerId): Connection | undefined {
    const known = this.#peers.get(peerId);
    if (known !== undefined || this.#peers.size >= MAX_PEERS) return known;
    const connection = new TrackerPeer(this.#connection);
    this.#peers.set(peerId, connection);
    return connection;
  }

  #count(swarmId: SwarmId): { complete: number; incomplete: number } {
    const complete = this.#parts.seeders.of(swarmId);
    return { complete, incomplete: this.#parts.registry.sizeOf(swarmId) - complete };
  }

  #forget(member: SwarmMember): void {
    this.#parts.seeders.delete(member);
    member.offers.clear();
  }

  #refuse(request: TrackerRequest | string, code: RefusalCode): string {
    const swarmId = typeof request === 'string' || request.kind === 'scrape' ? undefined : request.message.info_hash;
    return this.#failure(swarmId, code);
  }

  #failure(swarmId: SwarmId | undefined, code: RefusalCode): string {
    this.#parts.metrics.refused(code);
    return failureText(swarmId, refusal(code).error.message);
  }
}

/** One peer of those that share a socket. */
class TrackerPeer implements Connection {
  readonly #socket: Connection;

  constructor(socket: Connection) {
    this.#socket = socket;
  }

  get addressKey(): string {
    return this.#socket.addressKey;
  }

  deliver(message: ServerMessage): boolean {
    return this.#socket.deliver(message);
  }
}

/** @param swarmId that it is about, if any */
export function failureText(swarmId: SwarmId | undefined, reason: string): string {
  const about = swarmId === undefined ? {} : { info_hash: binaryText(swarmId) };
  return JSON.stringify({ action: 'announce', 'failure reason': reason, ...about });
}

/** An offer or an answer, as WebTorrent clients take it. Put together here: only its texts have anything that JSON escapes. */
export function trackerText({ event, payload }: ServerMessage): string | undefined {
  if (event !== 'offer' && event !== 'answer') return undefined;
  const { from, swarmId, offerId, sealed } = payload;
  const description = `{"type":"${event}","sdp":${JSON.stringify(String(sealed))}}`;
  return `{"action":"announce","${event}":${description},"offer_id":${idJson(offerId)},"peer_id":${idJson(from)},"info_hash":${idJson(swarmId)}}`;
}

function idJson(hex: string): string {
  return JSON.stringify(binaryText(hex));
}

function offerCount(request: TrackerRequest | string): number {
  return typeof request !== 'string' && request.kind === 'announce' ? (request.message.offers?.length ?? 0) : 0;
}
