import { describe, expect, test } from 'vitest';
import { announceText, answerText, fromBinaryText, readTrackerMessage, toBinaryText } from '@/src/transport/tracker-messages';
import { parseOfferId, type OfferId } from '@/src/protocol/ids';
import { INFO_HASH, PEER_ID } from './wire-bytes';

const OFFER_ID = parseOfferId('00ff'.repeat(10)) as OfferId;
const facts = { uploadedBytes: 1, downloadedBytes: 2, leftBytes: 3, event: undefined, trackerId: undefined } as const;

function fromTracker(facts: Record<string, unknown>): string {
  return JSON.stringify({ action: 'announce', info_hash: toBinaryText(INFO_HASH), ...facts });
}

function introduced(facts: Record<string, unknown>): string {
  return fromTracker({ peer_id: toBinaryText(PEER_ID), offer_id: toBinaryText(OFFER_ID), ...facts });
}

describe('what is sent', () => {
  test('ids are text of one character a byte, and as many peers are wanted as there are offers', () => {
    const sent: unknown = JSON.parse(
      announceText({ ...facts, infoHash: INFO_HASH, peerId: PEER_ID, event: 'started', offers: [{ offerId: OFFER_ID, sdp: 'v=0' }] }),
    );
    expect(sent).toEqual({
      action: 'announce',
      info_hash: '\u00ab'.repeat(20),
      peer_id: '\u00cd'.repeat(20),
      numwant: 1,
      uploaded: 1,
      downloaded: 2,
      left: 3,
      event: 'started',
      offers: [{ offer_id: '\u0000\u00ff'.repeat(10), offer: { type: 'offer', sdp: 'v=0' } }],
    });
  });

  test('whoever does not know how much is left is no seeder', () => {
    const sent = JSON.parse(announceText({ ...facts, infoHash: INFO_HASH, peerId: PEER_ID, leftBytes: undefined, offers: [] })) as {
      left: number;
    };
    expect(sent.left).toBeGreaterThan(0);
  });

  test('an answer names whom it is for and what it answers', () => {
    const answer = { infoHash: INFO_HASH, peerId: PEER_ID, toPeerId: PEER_ID, offerId: OFFER_ID, sdp: 'v=0', trackerId: 'seven' };
    expect(JSON.parse(answerText(answer))).toMatchObject({
      to_peer_id: toBinaryText(PEER_ID),
      offer_id: toBinaryText(OFFER_ID),
      answer: { type: 'answer', sdp: 'v=0' },
      trackerid: 'seven',
    });
  });
});

describe('what is understood', () => {
  test('an offer and an answer', () => {
    expect(readTrackerMessage(introduced({ offer: { type: 'offer', sdp: 'v=0' } }), INFO_HASH)).toEqual({
      kind: 'offer',
      peerId: PEER_ID,
      offerId: OFFER_ID,
      sdp: 'v=0',
    });
    expect(readTrackerMessage(introduced({ answer: { type: 'answer', sdp: 'v=1' } }), INFO_HASH)).toMatchObject({
      kind: 'answer',
      sdp: 'v=1',
    });
  });

  test('an answer to an announce, whatever of it is usable', () => {
    expect(readTrackerMessage(fromTracker({ interval: 120, complete: 2, incomplete: 1, 'tracker id': 'x' }), INFO_HASH)).toEqual({
      kind: 'announced',
      intervalSeconds: 120,
      complete: 2,
      incomplete: 1,
      trackerId: 'x',
    });
    expect(readTrackerMessage(fromTracker({ interval: 'soon', complete: -1, incomplete: 1.5, 'min interval': 60 }), INFO_HASH)).toEqual({
      kind: 'announced',
      intervalSeconds: 60,
      complete: undefined,
      incomplete: undefined,
      trackerId: undefined,
    });
  });

  test('a failure, as one short line', () => {
    const message = readTrackerMessage(fromTracker({ 'failure reason': `go\u0007 away\n${'!'.repeat(1000)}` }), INFO_HASH);
    expect(message).toMatchObject({ kind: 'failure', reason: expect.stringMatching(/^go away !{150,200}$/) });
  });
});

test.each([
  ['no JSON', 'hello'],
  ['a number', '7'],
  ['null', 'null'],
  ['an action nobody asked for', JSON.stringify({ action: 'scrape', files: {} })],
  ['another torrent', fromTracker({ info_hash: 'x'.repeat(20), interval: 1 })],
  ['an info hash that is too short', fromTracker({ info_hash: 'x', interval: 1 })],
  ['an offer id of 19 bytes', introduced({ offer_id: 'x'.repeat(19), offer: { type: 'offer', sdp: '' } })],
  ['an offer id of 21 bytes', introduced({ offer_id: 'x'.repeat(21), offer: { type: 'offer', sdp: '' } })],
  ['an offer id that is not of bytes', introduced({ offer_id: '\u2603'.repeat(20), offer: { type: 'offer', sdp: '' } })],
  ['an offer id that is a list', introduced({ offer_id: [1], offer: { type: 'offer', sdp: '' } })],
  ['an offer without a peer id', fromTracker({ offer_id: toBinaryText(OFFER_ID), offer: { type: 'offer', sdp: '' } })],
  ['an offer that is null', introduced({ offer: null })],
  ['an offer that is an answer', introduced({ offer: { type: 'answer', sdp: '' } })],
  ['an offer over 64 KiB', introduced({ offer: { type: 'offer', sdp: 'x'.repeat(64 * 1024 + 1) } })],
  ['an answer that is text', introduced({ answer: 'v=0' })],
  ['a failure without words', fromTracker({ 'failure reason': { toString: 1 } })],
])('%s is nothing', (_what, text) => {
  expect(readTrackerMessage(text, INFO_HASH)).toBeUndefined();
});

test('binary text and hexadecimal digits are the same bytes', () => {
  expect(fromBinaryText(toBinaryText(OFFER_ID))).toBe(OFFER_ID);
  expect(fromBinaryText('x')).toBeUndefined();
});
