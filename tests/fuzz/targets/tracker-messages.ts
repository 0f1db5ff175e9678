import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InfoHash } from '@/src/protocol/ids';
import { announceText, fromBinaryText, readTrackerMessage, toBinaryText } from '@/src/transport/tracker-messages';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { hexOf, mutatedJson, mutatedText } from '../mutations';

/** What WebTorrent trackers send. */

const HASH = 'ab'.repeat(20) as InfoHash;
const own = fc.constant(toBinaryText(HASH));
const id = hexOf(20).map(toBinaryText);
const sdp = fc.constantFrom('v=0\r\n', '', 'x'.repeat(70_000));

const answer = mutatedJson({
  action: fc.constant('announce'),
  info_hash: own,
  interval: fc.constantFrom(0, 120, -1, 1e300),
  'min interval': fc.nat(),
  complete: fc.nat(),
  incomplete: fc.nat(),
  'tracker id': fc.string(),
});
const introduction = mutatedJson({
  action: fc.constant('announce'),
  info_hash: own,
  peer_id: id,
  offer_id: id,
  offer: fc.record({ type: fc.constantFrom('offer', 'answer'), sdp }),
});
const reply = mutatedJson({
  action: fc.constant('announce'),
  info_hash: own,
  peer_id: id,
  offer_id: id,
  answer: fc.record({ type: fc.constantFrom('offer', 'answer'), sdp }),
});
const failure = mutatedJson({ action: fc.constant('announce'), 'failure reason': fc.string({ unit: 'binary' }) });
const said = fc.oneof(answer, introduction, reply, failure).map((json) => JSON.stringify(json) ?? '');

export const TRACKER_MESSAGES: FuzzTarget = {
  name: 'tracker-messages',
  runs: 400,
  properties: [
    property(
      'a-message-is-sound-or-nothing',
      fc.oneof({ weight: 3, arbitrary: said }, { weight: 1, arbitrary: mutatedText(said) }),
      (text) => {
        const message = bounded(text.length, () => readTrackerMessage(text, HASH));
        switch (message?.kind) {
          case undefined:
            return;
          case 'failure':
            assert.ok(message.reason.length <= 200 && !/\p{C}/u.test(message.reason), JSON.stringify(message.reason));
            return;
          case 'announced':
            assert.ok(message.intervalSeconds === undefined || message.intervalSeconds >= 0);
            assert.ok((message.complete ?? 0) >= 0 && (message.incomplete ?? 0) >= 0);
            assert.ok((message.trackerId ?? '').length <= 1000);
            return;
          case 'offer':
          case 'answer':
            assert.match(message.peerId, /^[0-9a-f]{40}$/);
            assert.match(message.offerId, /^[0-9a-f]{40}$/);
            assert.ok(message.sdp.length <= 64 * 1024);
        }
      },
    ),
    property('ids-are-read-as-they-were-written', hexOf(20), (hex) => {
      assert.equal(fromBinaryText(toBinaryText(hex)), hex);
    }),
    property('text-of-an-id-has-one-spelling', mutatedText(id), (text) => {
      const hex = fromBinaryText(text);
      if (hex !== undefined) assert.equal(toBinaryText(hex), text);
    }),
    property('an-announce-is-json-a-tracker-reads', fc.tuple(hexOf(20), fc.maxSafeNat(), fc.string()), ([peerId, bytes, trackerId]) => {
      const text = announceText({
        infoHash: HASH,
        peerId: peerId as never,
        event: 'started',
        uploadedBytes: bytes,
        downloadedBytes: bytes,
        leftBytes: bytes,
        offers: [],
        trackerId,
      });
      const read = JSON.parse(text) as Record<string, unknown>;
      assert.equal(fromBinaryText(String(read['peer_id'])), peerId);
      assert.equal(read['left'], bytes);
    }),
  ],
};
