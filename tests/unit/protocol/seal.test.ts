import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '@/src/base/bytes';
import type { InfoHash, OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { MAX_PLAINTEXT_BYTES, open, seal, type SealContext } from '@/src/protocol/seal';
import { MAX_SEALED_CHARS } from '@/src/protocol/signaling-events';
import { swarmIdOf } from '@/src/protocol/swarm-id';

const id = (digit: string) => digit.repeat(40);
const infoHash = id('1') as InfoHash;
const context = {
  infoHash,
  swarmId: swarmIdOf(infoHash),
  kind: 'answer',
  from: id('2') as PeerId,
  offerId: id('3') as OfferId,
  to: id('4') as PeerId,
} as const satisfies SealContext;

const random = (lengthBytes: number) => crypto.getRandomValues(new Uint8Array(lengthBytes));
const freshGuard = () => new ReplayGuard(() => 0);
const openOnce = (other: SealContext, sealed: string) => open(other, sealed, freshGuard());

const associatedData = Buffer.from(`01${context.swarmId}02${context.from}${context.offerId}${context.to}`, 'hex');
const keyOf = (salt: Uint8Array) => Buffer.from(hkdfSync('sha256', Buffer.from(infoHash, 'hex'), salt, 'lodestream seal v1', 32));

/** The rules again, by other means. */
function sealWithNode(text: string): string {
  const salt = random(32);
  const cipher = createCipheriv('aes-256-gcm', keyOf(salt), Buffer.alloc(12)).setAAD(associatedData);
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Uint8Array.of(1), salt, ciphertext, cipher.getAuthTag()]).toString('base64url');
}

describe('a sealed message', () => {
  test('opens to the text that was sealed, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('offer', 'answer', 'ice-candidate'), (value, kind) => {
        const text = JSON.stringify({ value });
        expect(openOnce({ ...context, kind }, seal({ ...context, kind }, text, random))).toBe(text);
      }),
    );
  });

  test('E1, E2, E3: is what any other implementation of AES-256-GCM and HKDF makes of the rules', () => {
    const sealed = Buffer.from(seal(context, 'v=0 grüße', random), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', keyOf(sealed.subarray(1, 33)), Buffer.alloc(12));
    decipher.setAAD(associatedData);
    decipher.setAuthTag(sealed.subarray(-16));
    expect(sealed[0]).toBe(1);
    expect(decipher.update(sealed.subarray(33, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('v=0 grüße');
    expect(openOnce(context, sealWithNode('v=0 grüße'))).toBe('v=0 grüße');
  });

  test('E1: stays the same for the same salt, so that versions understand each other', () => {
    const sealed = seal(context, 'v=0', (lengthBytes) => new Uint8Array(lengthBytes).fill(7));
    expect(sealed).toBe('AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHajaxvS1JgFRcAZunX80EhREyug');
  });

  test('E1: shows nothing of its text and is different each time', () => {
    const [first, second] = [seal(context, 'v=0', random), seal(context, 'v=0', random)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url').includes('v=0')).toBe(false);
  });

  test.each<[string, Partial<SealContext>]>([
    ['info hash', { infoHash: id('9') as InfoHash }],
    ['swarm', { swarmId: id('9') as SwarmId }],
    ['kind', { kind: 'offer' }],
    ['sender', { from: id('9') as PeerId }],
    ['offer', { offerId: id('9') as OfferId }],
    ['addressee', { to: id('9') as PeerId }],
    ['no addressee', { to: undefined }],
  ])('E2, E4: does not open under another %s', (_, change) => {
    expect(openOnce({ ...context, ...change }, seal(context, 'v=0', random))).toBeUndefined();
  });

  test('E2: an offer sealed for nobody in particular does not open as one for somebody', () => {
    const offer = { ...context, kind: 'offer', to: undefined } as const;
    const sealed = seal(offer, 'v=0', random);
    expect(openOnce(offer, sealed)).toBe('v=0');
    expect(openOnce({ ...offer, to: context.to }, sealed)).toBeUndefined();
  });

  test('E3: does not open with any one bit changed', () => {
    const sealed = fromBase64Url(seal(context, 'v=0 short', random));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openOnce(context, toBase64Url(changed))).toBeUndefined();
    }
  });

  test('E3: does not open with any one character changed, cut off or added', () => {
    const sealed = seal(context, 'v=0 short', random);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('', 'A', 'B', '_', '=', 'ä', '-A'), (index, text) => {
        const changed = sealed.slice(0, index) + text + sealed.slice(index + 1);
        fc.pre(changed !== sealed);
        expect(openOnce(context, changed)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('E3: opens once, and a copy that did not open does not use it up', () => {
    const guard = freshGuard();
    const sealed = seal(context, 'v=0', random);
    expect(open({ ...context, kind: 'offer' }, sealed, guard)).toBeUndefined();
    expect(open(context, sealed, guard)).toBe('v=0');
    expect(open(context, sealed, guard)).toBeUndefined();
  });

  test('of the longest text fits what servers relay, and a longer text is refused at once', () => {
    const longest = 'x'.repeat(MAX_PLAINTEXT_BYTES);
    const sealed = seal(context, longest, random);
    expect(sealed.length).toBeLessThanOrEqual(MAX_SEALED_CHARS);
    expect(openOnce(context, sealed)).toBe(longest);
    expect(() => seal(context, `${longest}x`, random)).toThrow(RangeError);
    expect(() => seal(context, 'ä'.repeat(MAX_PLAINTEXT_BYTES / 2 + 1), random)).toThrow(RangeError);
  });

  test('is refused when it is longer than servers relay, even though it is sealed well', () => {
    const longText = 'x'.repeat(MAX_SEALED_CHARS);
    expect(openOnce(context, sealWithNode(longText))).toBeUndefined();
  });

  test('of any text that is none is refused without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 200 }).map(toBase64Url)), (text) => {
        expect(openOnce(context, text)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
