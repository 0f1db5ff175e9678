import { concatBytes, fromHex, type Bytes } from '@/src/base/bytes';
import { parseInfoHash, parsePeerId, type InfoHash, type PeerId } from '@/src/protocol/ids';
import { writeBencode, type BencodeWritable } from '@/src/protocol/write-bencode';
import { WireGuard } from '@/src/transport/wire-guard';
import type { WireLimits } from '@/src/transport/wire-limits';
import { VirtualTime } from '@/tests/support/virtual-swarm/virtual-time';

export const INFO_HASH = parseInfoHash('ab'.repeat(20)) as InfoHash;
export const PEER_ID = parsePeerId('cd'.repeat(20)) as PeerId;

const ascii = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));

export interface HandshakeParts {
  readonly protocol?: string;
  readonly infoHash?: string;
  readonly peerId?: string;
  readonly fast?: boolean;
  readonly extended?: boolean;
}

export function handshake(parts: HandshakeParts = {}): Bytes {
  const { protocol = '\u0013BitTorrent protocol', infoHash = INFO_HASH, peerId = PEER_ID, fast = true, extended = true } = parts;
  return concatBytes(
    ascii(protocol),
    Uint8Array.of(0, 0, 0, 0, 0, extended ? 0x10 : 0, 0, fast ? 4 : 0),
    fromHex(infoHash),
    fromHex(peerId),
  );
}

export function u32(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** A message with its length prefix: numbers of 32 bits, then bytes as they are. */
export function message(type: number, numbers: readonly number[] = [], tail: Uint8Array = new Uint8Array()): Bytes {
  const body = concatBytes(Uint8Array.of(type), ...numbers.map(u32), tail);
  return concatBytes(u32(body.length), body);
}

export function dictionary(entries: Record<string, BencodeWritable>): Bytes {
  return writeBencode(new Map(Object.entries(entries)));
}

export function extended(id: number, payload: Uint8Array): Bytes {
  return message(20, [], concatBytes(Uint8Array.of(id), payload));
}

/** The extended handshake of a side that takes metadata messages under this id. */
export function extendedHandshake(metadataId: number, metadataBytes?: number): Bytes {
  const size = metadataBytes === undefined ? {} : { metadata_size: metadataBytes };
  return extended(0, dictionary({ m: new Map([['ut_metadata', metadataId]]), ...size }));
}

export interface GuardedWire {
  readonly time: VirtualTime;
  readonly guard: WireGuard;
  readonly offences: string[];
  readonly replies: Bytes[];
  readonly chunks: Bytes[];
  forwarded(): Bytes;
}

export function guardedWire(limits: Partial<WireLimits> = {}): GuardedWire {
  const chunks: Bytes[] = [];
  const offences: string[] = [];
  const replies: Bytes[] = [];
  const time = new VirtualTime();
  const guard = new WireGuard({
    infoHash: INFO_HASH,
    remotePeerId: PEER_ID,
    limits,
    clock: time,
    forward: (chunk) => void chunks.push(chunk),
    reply: (reply) => void replies.push(reply),
    onOffence: (reason) => void offences.push(reason),
  });
  return { time, guard, offences, replies, chunks, forwarded: () => concatBytes(...chunks) };
}

/** Both have shaken hands; we take metadata messages under id 1, the peer under id 2. */
export function greetedWire(options: { limits?: Partial<WireLimits>; fast?: boolean; metadataBytes?: number } = {}): GuardedWire {
  const wire = guardedWire(options.limits);
  const fast = options.fast ?? true;
  wire.guard.sending(handshake({ fast, peerId: 'ef'.repeat(20) }));
  wire.guard.sending(extendedHandshake(1));
  wire.guard.receive(handshake({ fast }));
  wire.guard.receive(extendedHandshake(2, options.metadataBytes));
  return wire;
}
