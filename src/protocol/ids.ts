import type { Brand } from '@/src/base/brand';
import { toHex } from '@/src/base/bytes';

/** SHA-1 of the info dictionary (BEP 3), or the first 20 bytes of its SHA-256 (BEP 52): 40 lower-case hex digits. */
export type InfoHash = Brand<string, 'InfoHash'>;
/** SHA-256 of a version 2 info dictionary (BEP 52), 64 lower-case hex digits. */
export type InfoHashV2 = Brand<string, 'InfoHashV2'>;
/** What servers see instead of the info hash (SPEC S1), 40 lower-case hex digits. */
export type SwarmId = Brand<string, 'SwarmId'>;
/** 20 random bytes, new for each session and start of the engine, 40 lower-case hex digits. */
export type PeerId = Brand<string, 'PeerId'>;
/** 20 random bytes naming one offer and everything that follows from it, 40 lower-case hex digits. */
export type OfferId = Brand<string, 'OfferId'>;

export const ID_BYTES = 20;
export const ID_PATTERN = /^[0-9a-f]{40}$/;

export function parseInfoHash(text: string): InfoHash | undefined {
  return parseId(text) as InfoHash | undefined;
}

export function parseInfoHashV2(text: string): InfoHashV2 | undefined {
  const lowered = text.toLowerCase();
  return /^[0-9a-f]{64}$/.test(lowered) ? (lowered as InfoHashV2) : undefined;
}

export function parsePeerId(text: string): PeerId | undefined {
  return parseId(text) as PeerId | undefined;
}

export function parseOfferId(text: string): OfferId | undefined {
  return parseId(text) as OfferId | undefined;
}

/** Hands out that many fresh random bytes. */
export type RandomBytes = (lengthBytes: number) => Uint8Array;

export function randomPeerId(random: RandomBytes): PeerId {
  return toHex(random(ID_BYTES)) as PeerId;
}

export function randomOfferId(random: RandomBytes): OfferId {
  return toHex(random(ID_BYTES)) as OfferId;
}

function parseId(text: string): string | undefined {
  const lowered = text.toLowerCase();
  return ID_PATTERN.test(lowered) ? lowered : undefined;
}
