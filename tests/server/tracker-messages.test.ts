import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { trackerText } from '@/signaling-server/src/tracker-session';
import { readTrackerRequest, trackerAnnounceSchema, trackerAnswerSchema } from '@/signaling-server/src/tracker-messages';
import type { ServerMessage } from '@/signaling-server/src/connection';

/** What is read and written by hand, since that is done for each message, is as the schemas and JSON say. */

const BYTES = '\0\u0001"\\\x7f\x80\xffabcdefghijklm';
const HEX = '0001225c7f80ff6162636465666768696a6b6c6d';
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '',
    BYTES,
    `${BYTES}x`,
    'a'.repeat(19),
    '\u{1f3a5}'.repeat(10),
    '\u0100'.repeat(20),
    -1,
    0.5,
    7,
    null,
    'x'.repeat(65_537),
  ),
);
const offer = { offer_id: BYTES, offer: { type: 'offer', sdp: 'v=0' } };
const ANNOUNCE = {
  action: 'announce',
  info_hash: BYTES,
  peer_id: BYTES,
  event: 'started',
  left: 0,
  numwant: 3,
  offers: [offer],
  port: 6881,
};
const ANSWER = {
  action: 'announce',
  info_hash: BYTES,
  peer_id: BYTES,
  to_peer_id: BYTES,
  offer_id: BYTES,
  answer: { type: 'answer', sdp: 'v=0' },
  trackerid: 'x',
};

/** A right one with some fields replaced, one added or one taken, or with another list of offers. */
function spoilt(right: Readonly<Record<string, unknown>>): fc.Arbitrary<object> {
  const key = fc.constantFrom(...Object.keys(right), 'extra');
  const offers = fc.array(fc.oneof(odd, fc.constant(offer), fc.record({ offer_id: odd, offer: odd })), { maxLength: 12 });
  const event = fc.constantFrom('stopped', 'completed', '', 'else');
  const value = fc.oneof(odd, offers, event, fc.record({ type: fc.constantFrom('offer', 'answer', 1), sdp: odd }));
  const changed = fc.array(fc.tuple(key, value), { maxLength: 2 }).map((changes) => ({ ...right, ...Object.fromEntries(changes) }));
  const taken = key.map((name) => Object.fromEntries(Object.entries(right).filter(([own]) => own !== name)));
  return fc.oneof(changed, taken);
}

describe.each([
  ['announce', ANNOUNCE, trackerAnnounceSchema],
  ['answer', ANSWER, trackerAnswerSchema],
] as const)('an %s of a WebTorrent client', (kind, right, schema) => {
  test('is read as it is meant', () => {
    expect(readTrackerRequest(JSON.stringify(right))).toMatchObject({ kind, message: { info_hash: HEX, peer_id: HEX } });
  });

  test('and with anything in it as the schema says', () => {
    const ofKind = spoilt(right).filter((json) => 'answer' in json === (kind === 'answer'));
    fc.assert(
      fc.property(ofKind, (spoiltOne) => {
        const json: unknown = JSON.parse(JSON.stringify(spoiltOne));
        const read = readTrackerRequest(JSON.stringify(spoiltOne));
        const parsed = v.safeParse(schema, json);
        if (parsed.success) expect(read).toEqual({ kind, message: parsed.output });
        else expect(typeof read).toBe('string');
      }),
      { numRuns: 3000 },
    );
  });
});

test.each(['offer', 'answer'] as const)('an %s goes on as JSON, whatever its text is', (event) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (sealed) => {
      const payload = { from: HEX, swarmId: HEX, offerId: HEX, sealed };
      const text = trackerText({ event, payload } as ServerMessage) ?? '';
      expect(JSON.parse(text)).toEqual({
        action: 'announce',
        [event]: { type: event, sdp: sealed },
        offer_id: BYTES,
        peer_id: BYTES,
        info_hash: BYTES,
      });
    }),
  );
});
