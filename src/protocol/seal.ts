import { gcm } from '@noble/ciphers/aes.js';
import { bytesToUtf8 } from '@noble/ciphers/utils.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url, toHex } from '@/src/base/bytes';
import { ID_BYTES, type InfoHash, type OfferId, type PeerId, type RandomBytes, type SwarmId } from './ids';
import type { ReplayGuard } from './replay-guard';
import { MAX_SEALED_CHARS, type RelayKind } from './signaling-events';

/** An offer that restarts a link (SPEC R2) is relayed as any other, but cannot be taken for one. */
export type SealKind = RelayKind | 'restart';

/** What a sealed message is bound to: opened under anything else, it is refused. */
export interface SealContext {
  readonly infoHash: InfoHash;
  readonly swarmId: SwarmId;
  readonly kind: SealKind;
  /** Who sealed it. */
  readonly from: PeerId;
  readonly offerId: OfferId;
  /** Whom it is for; left out by an offer that rides on an announce, whose receiver the server chooses. Both sides must agree. */
  readonly to?: PeerId | undefined;
}

export const MAX_PLAINTEXT_BYTES = 64 * 1024;

const VERSION = 1;
const SALT_BYTES = 32;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + SALT_BYTES;
const KEY_LABEL = utf8ToBytes('lodestream seal v1');
/** GCM breaks when a key meets a nonce twice. Here each message has its own key, from 256 random bits, so the nonce may stand still. */
const NONCE = new Uint8Array(12);
const BYTE_ORDER_MARK = utf8ToBytes('\uFEFF');
/** About what a description has. */
const REHEARSED_CHARS = 600;
const KIND_BYTES: Readonly<Record<SealKind, number>> = { offer: 1, answer: 2, 'ice-candidate': 3, restart: 4 };

/**
 * Hides a message from the servers that relay it and lets its receiver notice any change (SPEC section E): AES-256-GCM under a key
 * drawn from the info hash and a fresh salt. Whoever has the magnet link has the key; it keeps out only those who have not.
 * @throws {RangeError} when the text is longer than `MAX_PLAINTEXT_BYTES` in UTF-8.
 */
export function seal(context: SealContext, text: string, random: RandomBytes): string {
  const plaintext = utf8ToBytes(text);
  if (plaintext.length > MAX_PLAINTEXT_BYTES) throw new RangeError(`a message of ${plaintext.length} bytes is too long to seal`);
  const salt = random(SALT_BYTES);
  return toBase64Url(concatBytes(Uint8Array.of(VERSION), salt, cipherFor(context, salt).encrypt(plaintext)));
}

/** The first seal takes ten times as long as those after it, as its code has yet to be compiled: this is it, when there is time for that. */
export function rehearseSeal(random: RandomBytes): void {
  const id = '0'.repeat(2 * ID_BYTES);
  const [infoHash, swarmId, from, offerId] = [id as InfoHash, id as SwarmId, id as PeerId, id as OfferId];
  seal({ infoHash, swarmId, kind: 'offer', from, offerId }, ' '.repeat(REHEARSED_CHARS), random);
}

/** The text, or undefined when the message is malformed, changed, meant for another context, or was opened before. Never throws. */
export function open(context: SealContext, sealed: string, replayGuard: ReplayGuard): string | undefined {
  const bytes = decode(sealed);
  if (bytes === undefined || bytes[0] !== VERSION) return undefined;
  const salt = bytes.subarray(1, HEADER_BYTES);
  const text = decrypt(context, salt, bytes.subarray(HEADER_BYTES));
  // Only what opened is remembered, so that a server cannot fill the guard with noise.
  return text !== undefined && replayGuard.admit(toHex(salt)) ? text : undefined;
}

function decode(sealed: string): Bytes | undefined {
  if (sealed.length > MAX_SEALED_CHARS) return undefined;
  try {
    const bytes = fromBase64Url(sealed);
    return bytes.length >= HEADER_BYTES + TAG_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function decrypt(context: SealContext, salt: Uint8Array, ciphertext: Uint8Array): string | undefined {
  try {
    // The decoder takes one mark away: ours, and not one that was sealed.
    return bytesToUtf8(concatBytes(BYTE_ORDER_MARK, cipherFor(context, salt).decrypt(ciphertext)));
  } catch {
    return undefined;
  }
}

function cipherFor(context: SealContext, salt: Uint8Array): ReturnType<typeof gcm> {
  const key = hkdf(sha256, fromHex(context.infoHash), salt, KEY_LABEL, KEY_BYTES);
  return gcm(key, NONCE, associatedData(context));
}

/** Every part has a fixed length and only the last may be missing, so no two contexts give the same bytes. */
function associatedData({ swarmId, kind, from, offerId, to }: SealContext): Bytes {
  return concatBytes(
    Uint8Array.of(VERSION),
    fromHex(swarmId),
    Uint8Array.of(KIND_BYTES[kind]),
    fromHex(from),
    fromHex(offerId),
    fromHex(to ?? ''),
  );
}
