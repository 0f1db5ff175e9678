import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toBase64Url, fromBase64Url, fromHex, toHex } from '@/src/base/bytes';
import type { InfoHash, OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { open, seal, type SealContext } from '@/src/protocol/seal';
import { bounded, unlessRefused } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { anyBytes, hexOf, mutatedText } from '../mutations';

/** Sealed messages (SPEC section E) and the texts that bytes travel as. */

const context: fc.Arbitrary<SealContext> = fc.record({
  infoHash: hexOf(20).map((hash) => hash as InfoHash),
  swarmId: hexOf(20).map((id) => id as SwarmId),
  kind: fc.constantFrom('offer' as const, 'answer' as const, 'ice-candidate' as const),
  from: hexOf(20).map((id) => id as PeerId),
  offerId: hexOf(20).map((id) => id as OfferId),
  to: fc.option(
    hexOf(20).map((id) => id as PeerId),
    { nil: undefined },
  ),
});
const salt = hexOf(32).map((hex) => fromHex(hex));
const text = fc.tuple(fc.constantFrom('', '\uFEFF'), fc.string({ unit: 'grapheme', maxLength: 80 })).map(([mark, rest]) => mark + rest);
const guard = (): ReplayGuard => new ReplayGuard(() => 0);

const FIXED: SealContext = {
  infoHash: '11'.repeat(20) as InfoHash,
  swarmId: '22'.repeat(20) as SwarmId,
  kind: 'offer',
  from: '33'.repeat(20) as PeerId,
  offerId: '44'.repeat(20) as OfferId,
};
const SEALED = seal(FIXED, 'v=0\r\n', (length) => new Uint8Array(length).fill(7));

export const SEAL: FuzzTarget = {
  name: 'seal',
  runs: 150,
  properties: [
    property('what-was-sealed-opens', fc.tuple(context, text, salt), ([bound, sent, random]) => {
      assert.equal(
        open(
          bound,
          seal(bound, sent, () => random),
          guard(),
        ),
        sent,
      );
    }),
    property('what-was-sealed-opens-once', fc.tuple(context, text, salt), ([bound, sent, random]) => {
      const sealed = seal(bound, sent, () => random);
      const seen = guard();
      open(bound, sealed, seen);
      assert.equal(open(bound, sealed, seen), undefined);
    }),
    property('what-was-changed-does-not-open', mutatedText(fc.constant(SEALED)), (changed) => {
      if (changed === SEALED) return;
      assert.equal(
        bounded(changed.length, () => open(FIXED, changed, guard())),
        undefined,
      );
    }),
    property('bytes-are-read-as-they-were-written', anyBytes({ maxLength: 60 }), (bytes) => {
      assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes);
      assert.deepEqual(fromHex(toHex(bytes)), bytes);
    }),
    property('texts-of-bytes-have-one-spelling', mutatedText(anyBytes({ maxLength: 60 }).map(toBase64Url)), (written) => {
      const bytes = bounded(written.length, () => unlessRefused(() => fromBase64Url(written), RangeError));
      if (bytes !== undefined) assert.equal(toBase64Url(bytes), written);
      const hex = unlessRefused(() => fromHex(written), RangeError);
      if (hex !== undefined) assert.equal(toHex(hex), written.toLowerCase());
    }),
  ],
};
