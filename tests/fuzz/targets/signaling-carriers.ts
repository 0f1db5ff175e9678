import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { slotPayloadSchema } from '@/src/protocol/peer-server-messages';
import { encodeFrame, readClientFrame, readServerFrame } from '@/src/protocol/web-socket-frames';
import { decodeWholeSignal, encodeWholeSignal } from '@/src/protocol/whole-signals';
import { parseSignalingAddress } from '@/src/transport/signaling-address';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { hexOf, mutatedJson, mutatedText } from '../mutations';

/** What carries signaling beside Socket.IO: plain WebSocket frames, whole descriptions through trackers, payloads through a PeerServer. */

const type = fc.constantFrom('ack', 'auth', 'announce', 'offer', 'answer', 'ice-candidate', 'leave', 'peer-left', 'error', '__proto__');
const frame = mutatedJson({ type, id: fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5, 1e300)), payload: fc.jsonValue() });
const frameText = frame.map((json) => JSON.stringify(json) ?? '');
const whole = mutatedJson({ sdp: fc.string(), candidates: fc.array(fc.string(), { maxLength: 25 }) });
const wholeText = whole.map((json) => JSON.stringify(json) ?? '');
const payload = mutatedJson({
  kind: fc.constantFrom('probe', 'here', 'offer', 'answer', 'ice-candidate'),
  peerId: hexOf(20),
  nonce: hexOf(8),
  message: fc.record({ from: hexOf(20), swarmId: hexOf(20), offerId: hexOf(20), sealed: fc.string() }),
});
const address = fc.constantFrom('wss://host.example/ws', 'ws://127.0.0.1:1/a/ws', 'peerjs://host:1/x', 'https://host.example', 'ws:///ws');

export const SIGNALING_CARRIERS: FuzzTarget = {
  name: 'signaling-carriers',
  runs: 400,
  properties: [
    property('a-frame-is-sound-or-nothing', fc.oneof(frameText, mutatedText(frameText)), (text) => {
      for (const read of [readClientFrame, readServerFrame]) {
        const found = bounded(text.length, () => read(text));
        if (found === undefined) continue;
        const id = 'id' in found ? found.id : undefined;
        assert.ok(id === undefined || (Number.isSafeInteger(id) && id >= 0));
        assert.deepEqual(read(encodeFrame(found)), found);
      }
    }),
    property('a-whole-signal-is-sound-or-nothing', fc.oneof(wholeText, mutatedText(wholeText)), (text) => {
      const signal = bounded(text.length, () => decodeWholeSignal(text));
      if (signal === undefined) return;
      assert.ok(signal.candidates.length <= 20);
      assert.deepEqual(decodeWholeSignal(encodeWholeSignal(signal)), signal);
    }),
    property('a-payload-of-a-slot-is-sound-or-nothing', payload, (json) => {
      const parsed = v.safeParse(slotPayloadSchema, json);
      if (!parsed.success) return;
      if ('message' in parsed.output) assert.match(parsed.output.message.from, /^[0-9a-f]{40}$/);
      else assert.match(parsed.output.nonce, /^[0-9a-f]{16}$/);
    }),
    property('an-address-is-one-http-can-ask-or-none', mutatedText(address), (text) => {
      const parsed = parseSignalingAddress(text);
      if (parsed === undefined) return;
      assert.match(parsed.origin, /^https?:\/\//);
      assert.ok(!parsed.basePath.endsWith('/'));
    }),
  ],
};
