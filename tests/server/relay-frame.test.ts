import { once } from 'node:events';
import type { Writable } from 'node:stream';
import * as library from 'ws';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { directedSchema, MAX_SEALED_CHARS, RELAY_KINDS } from '@/src/protocol/signaling-events';
import { encodeFrame, readClientFrame } from '@/src/protocol/web-socket-frames';
import { SealedBytes } from '@/signaling-server/src/sealed-bytes';
import { readRelayFrame, relayFrame } from '@/signaling-server/src/transports/relay-frame';
import { textFrame } from '@/signaling-server/src/transports/text-frame';

const hexId = fc.stringMatching(/^[0-9a-f]{40}$/);
const sealedText = fc.stringMatching(/^[\w-]{1,60}$/);
const directed = fc
  .record({ to: hexId, swarmId: hexId, offerId: hexId, sealed: sealedText })
  .map((message) => v.parse(directedSchema, message));
const frame = fc
  .record({ type: fc.constantFrom(...RELAY_KINDS), id: fc.option(fc.maxSafeNat(), { nil: undefined }), payload: directed })
  .map(({ type, id, payload }) => encodeFrame({ type, ...(id === undefined ? {} : { id }), payload }));

/** Which its types do not know. */
const { Receiver } = library as unknown as { readonly Receiver: new (options: { readonly isServer: boolean }) => Writable };

/** What the library of any client makes of a frame. */
async function received(bytes: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false });
  const message = once(receiver, 'message');
  receiver.write(bytes);
  const [data] = (await message) as [Buffer];
  return data.toString();
}

/** What the schemas make of it. */
function readBySchemas(text: string): unknown {
  const read = readClientFrame(text);
  const payload = v.safeParse(directedSchema, read?.payload);
  return payload.success ? { type: read?.type, id: read?.id, payload: payload.output } : undefined;
}

function readByHand(bytes: Buffer): unknown {
  const read = readRelayFrame(bytes);
  if (read === undefined) return undefined;
  const { to, swarmId, offerId, sealed } = read.payload;
  return { ...read, payload: { to, swarmId, offerId, sealed: String(sealed) } };
}

describe('frames of relayed messages', () => {
  test('as clients write them are read as the schemas read them', () => {
    fc.assert(
      fc.property(frame, (text) => {
        // Numbers of more digits than calls ever have are left to the schemas.
        const expected = /"id":\d{16}/.test(text) ? undefined : readBySchemas(text);
        expect(readByHand(Buffer.from(text))).toEqual(expected);
      }),
    );
  });

  test('that are spoilt are never read otherwise than by the schemas', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: 'binary', maxLength: 3 }), (text, at, cut, put) => {
        const place = at % (text.length + 1);
        const spoilt = text.slice(0, place) + put + text.slice(place + cut);
        const read = readByHand(Buffer.from(spoilt));
        expect(read ?? readBySchemas(spoilt)).toEqual(readBySchemas(spoilt));
      }),
      { numRuns: 3000 },
    );
  });

  test('with more sealed text than there may be are left to the schemas, which say so', () => {
    const payload = { to: 'a'.repeat(40), swarmId: 'b'.repeat(40), offerId: 'c'.repeat(40), sealed: 'x'.repeat(MAX_SEALED_CHARS) };
    expect(readRelayFrame(Buffer.from(JSON.stringify({ type: 'offer', payload })))?.payload.sealed).toHaveLength(MAX_SEALED_CHARS);
    const longer = { ...payload, sealed: `${payload.sealed}x` };
    expect(readRelayFrame(Buffer.from(JSON.stringify({ type: 'offer', payload: longer })))).toBeUndefined();
  });

  test('go out as the text they would be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...RELAY_KINDS), directed, async (type, { to, swarmId, offerId, sealed }) => {
        const payload = { from: to, swarmId, offerId };
        const bytes = relayFrame(type, payload, new SealedBytes(Buffer.from(sealed)));
        expect(await received(bytes)).toBe(JSON.stringify({ type, payload: { ...payload, sealed } }));
      }),
    );
  });
});

test.each([0, 1, 125, 126, 65_535, 65_536, 100_000])('a text of %i bytes is one whole frame', async (bytes) => {
  const text = 'é'.repeat(bytes >> 1) + 'x'.repeat(bytes & 1);
  expect(await received(textFrame(text))).toBe(text);
});
