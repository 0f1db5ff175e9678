import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acceptsCandidate, isPrivateServer, outgoingCandidate, withoutAddresses } from '@/src/transport/candidate-filter';
import { fingerprintOf, readDescription, wholeDescription } from '@/src/transport/non-trickle-sdp';
import { WebRtcNegotiation } from '@/src/transport/webrtc-negotiation';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { MemoryConnection, MemoryNetwork } from '@/tests/support/virtual-swarm/memory-connection';
import { mutatedJson, mutatedText } from '../mutations';

/** Session descriptions and candidates, ours and others' (SPEC G5 to G7). */

const LAN = '192.168.77.7';
const address = fc.constantFrom(
  LAN,
  '203.0.113.5',
  '::1',
  'fe80::1',
  '::ffff:10.0.0.1',
  '0f8fad5b-d9cb-469f-a165-70867728950e.local',
  'printer.local.',
  'localhost',
  'evil.example',
  '0x7f.1',
  '2002:a00:1::',
);
const candidate = fc
  .tuple(address, fc.constantFrom('host', 'srflx', 'prflx', 'relay'), fc.boolean())
  .map(
    ([host, type, related]) =>
      `candidate:1 1 udp 2122260223 ${host} 5000 typ ${type}${related ? ` raddr ${LAN} rport 6000` : ''} generation 0`,
  );
const description = fc
  .array(candidate, { maxLength: 4 })
  .map((candidates) =>
    [
      'v=0',
      `o=- 46 2 IN IP4 ${LAN}`,
      's=-',
      't=0 0',
      'a=ice-options:trickle',
      'm=application 5000 UDP/DTLS/SCTP webrtc-datachannel',
      `c=IN IP4 ${LAN}`,
      ...candidates.map((line) => `a=${line}`),
      `a=rtcp:9 IN IP4 ${LAN}`,
      'a=ice-ufrag:abcd',
      'a=fingerprint:sha-256 AB:CD:EF:01',
      'a=mid:0',
      'a=end-of-candidates',
    ].join('\r\n'),
  );
const tokens = ['a=', 'a=candidate:', 'm=application ', 'm=audio ', 'c=IN IP4 ', ' typ host', ' raddr ', 'a=fingerprint:'];
const batch = fc.oneof(
  fc.array(mutatedJson({ candidate, sdpMid: fc.constantFrom('0', null) }), { maxLength: 45 }),
  mutatedJson({ candidate }),
);

export const DESCRIPTIONS: FuzzTarget = {
  name: 'descriptions',
  runs: 250,
  properties: [
    property('a-description-of-ours-holds-no-address', description, (sdp) => {
      assert.ok(!withoutAddresses(sdp).includes(LAN));
      const whole = wholeDescription(sdp, false);
      // Only as the address of a candidate of another kind than host, seen by a server inside the network: that, too, stays.
      assert.ok(!whole.includes(LAN), whole);
    }),
    property('a-stripped-description-has-nothing-left-to-strip', mutatedText(description, tokens), (sdp) => {
      const bare = bounded(sdp.length * 2, () => withoutAddresses(sdp));
      assert.equal(withoutAddresses(bare), bare);
      assert.ok(!/^a=candidate/im.test(bare));
    }),
    property(
      'of-a-strange-description-only-acceptable-candidates-are-read',
      fc.tuple(mutatedText(description, tokens), fc.boolean()),
      ([sdp, allowHost]) => {
        const read = bounded(sdp.length * 2, () => readDescription(sdp, allowHost));
        fingerprintOf(sdp);
        if (read === undefined) return;
        assert.ok(read.candidates.length <= 80);
        assert.equal(read.sdp.match(/^m=/gm)?.length, 1);
        for (const { candidate: line } of read.candidates) assert.ok(acceptsCandidate(line ?? '', allowHost));
      },
    ),
    property(
      'a-long-description-costs-what-it-may',
      fc.tuple(fc.constantFrom(...tokens, '\r\n', 'a=candidate:a 1 a 1 ', ' '), fc.nat(60_000)),
      ([part, length]) => {
        const sdp = part.repeat(Math.ceil(length / part.length));
        bounded(sdp.length * 2, () => [
          withoutAddresses(sdp),
          wholeDescription(sdp, true),
          readDescription(sdp, true),
          fingerprintOf(sdp),
          acceptsCandidate(sdp, true),
        ]);
      },
    ),
    property('what-leaves-would-be-taken-and-tells-of-no-relation', fc.tuple(mutatedText(candidate), fc.boolean()), ([line, allowHost]) => {
      const sent = bounded(line.length * 2, () => outgoingCandidate(line, allowHost));
      acceptsCandidate(line, allowHost);
      isPrivateServer(line);
      if (sent === undefined || line.includes('typ host')) return;
      assert.ok(!/ raddr (?!0\.0\.0\.0(?: |$))\S+/.test(sent), sent);
    }),
    property(
      'a-batch-is-taken-whole-or-ends-the-negotiation',
      fc.tuple(
        mutatedText(
          batch.map((json) => JSON.stringify(json) ?? ''),
          [],
          2,
        ),
        fc.boolean(),
      ),
      async ([text, allowHost]) => {
        const network = new MemoryNetwork((deliver) => deliver());
        const connection = network.createConnection();
        let failed = 0;
        const negotiation = new WebRtcNegotiation({
          connection,
          clock: { now: () => 0, after: () => () => undefined },
          allowHost,
          onLink: () => undefined,
          onFailed: () => void failed++,
          onCandidates: () => undefined,
        });
        await negotiation.acceptOffer((await network.createConnection().createOffer()).sdp ?? '');
        for (let times = 0; times < 3; times++) await negotiation.acceptCandidates(text);
        assert.equal(negotiation.isPending, failed === 0);
        assert.ok(connection instanceof MemoryConnection && connection.candidates.length <= 80);
        for (const { candidate: line } of connection.candidates) assert.ok(acceptsCandidate(line ?? '', allowHost));
      },
    ),
  ],
};
