import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseMessage } from '@/signaling-server/src/validate';
import { directedSchema, relayedSchema } from '@/src/protocol/signaling-events';
import { relayedJson } from '@/src/protocol/relayed-json';
import { clientFrameSchema, readClientFrame } from '@/src/protocol/web-socket-frames';

/** What is read and written by hand, since that is done for each message, is as the schemas and JSON say. */

const HEX = 'a1'.repeat(20);
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', HEX, HEX.toUpperCase(), `${HEX}0`, 'x', '!', -1, 0.5, null, 2 ** 53, 'x'.repeat(90_001)),
);

/** A right one with some fields replaced, one added or one taken. */
function spoilt(right: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const key = fc.constantFrom(...Object.keys(right), 'extra');
  const changed = fc.array(fc.tuple(key, odd), { maxLength: 2 }).map((changes) => ({ ...right, ...Object.fromEntries(changes) }));
  const taken = key.map((name) => Object.fromEntries(Object.entries(right).filter(([own]) => own !== name)));
  return fc.oneof(changed, taken, odd, fc.constant([right]));
}

test('a frame of a client', () => {
  const frame = spoilt({ type: 'offer', id: 1, payload: {} });
  fc.assert(
    fc.property(frame, (json) => {
      const parsed = v.safeParse(clientFrameSchema, JSON.parse(JSON.stringify(json) ?? 'null'));
      expect(readClientFrame(JSON.stringify(json) ?? '')).toEqual(parsed.success ? parsed.output : undefined);
    }),
    { numRuns: 2000 },
  );
});

test('a message to one peer', () => {
  const message = spoilt({ to: HEX, swarmId: HEX, offerId: HEX, sealed: 'abc-_9' });
  fc.assert(
    fc.property(message, (payload) => {
      const parsed = v.safeParse(directedSchema, payload);
      const read = parseMessage('offer', payload);
      if (parsed.success) expect(read).toEqual({ event: 'offer', payload: parsed.output });
      else expect(typeof read).toBe('string');
    }),
    { numRuns: 2000 },
  );
});

test('a relayed message', () => {
  const sealed = fc.stringMatching(/^[\w-]{1,60}$/);
  fc.assert(
    fc.property(sealed, (text) => {
      const relayed = v.parse(relayedSchema, { from: HEX, swarmId: HEX, offerId: HEX, sealed: text });
      expect(relayedJson(relayed, text)).toBe(JSON.stringify(relayed));
    }),
  );
});
