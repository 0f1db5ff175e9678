import { describe, expect, test } from 'vitest';
import { negotiate, negotiator } from './negotiation-pair';

/** Real connections of libdatachannel over this machine's interfaces. */

const CANDIDATE = { candidate: 'candidate:1 1 udp 2122260223 192.168.1.7 9 typ host', sdpMid: '0' };

function batchOf(count: number, candidate: unknown = CANDIDATE): string {
  return JSON.stringify(Array.from({ length: count }, () => candidate));
}

describe('G2: setting up by trickle', () => {
  test('two sides link, and none of them waits for gathering to end', async () => {
    const [offerer, answerer] = [negotiator(), negotiator()];
    await negotiate(offerer, answerer);
    const [offering, answering] = await Promise.all([offerer.linked, answerer.linked]);
    expect([offerer.negotiation.isPending, answerer.negotiation.isPending]).toEqual([false, false]);
    expect((await offering.path()).kind).toMatch(/host|prflx/);
    expect((await answering.path()).kind).toMatch(/host|prflx/);
  });

  test('candidates that come before the offer are kept for it', async () => {
    const [offerer, answerer] = [negotiator(), negotiator()];
    const offer = await offerer.negotiation.createOffer();
    const early = Promise.withResolvers<string>();
    offerer.onCandidates = early.resolve;
    await offerer.negotiation.startGathering();
    offerer.negotiation.sendCandidates();
    await answerer.negotiation.acceptCandidates(await early.promise);
    // Nothing of the answerer's is passed on but its answer: the path is found through the offerer's candidates alone.
    await offerer.negotiation.acceptAnswer(await answerer.negotiation.acceptOffer(offer));
    expect(await Promise.all([offerer.linked, answerer.linked])).toHaveLength(2);
  });

  test('candidates are held back until the addressee is known', async () => {
    const offerer = negotiator();
    await offerer.negotiation.createOffer();
    const gathered = new Promise<void>((resolve) => {
      offerer.connection.addEventListener('icegatheringstatechange', () => {
        if (offerer.connection.iceGatheringState === 'complete') resolve();
      });
    });
    await offerer.negotiation.startGathering();
    await gathered;
    expect(offerer.batches).toEqual([]);
    const sent = new Promise((resolve) => (offerer.onCandidates = resolve));
    offerer.negotiation.sendCandidates();
    expect(await sent).toMatch(/typ host/);
  });
});

describe('G6: addresses', () => {
  test('a description never holds one, and host candidates stay here when they are not allowed', async () => {
    const [offerer, answerer] = [negotiator({ allowHost: false }), negotiator()];
    const offer = await offerer.negotiation.createOffer();
    const gathered = new Promise<void>((resolve) => {
      offerer.connection.addEventListener('icegatheringstatechange', () => {
        if (offerer.connection.iceGatheringState === 'complete') resolve();
      });
    });
    await offerer.negotiation.startGathering();
    offerer.negotiation.sendCandidates();
    await gathered;
    const answer = await answerer.negotiation.acceptOffer(offer);
    for (const description of [offer, answer]) {
      expect(description).not.toContain('a=candidate');
      expect(description.match(/\bIN IP[46] \S+/g)).toEqual(['IN IP4 127.0.0.1', 'IN IP4 0.0.0.0']);
    }
    expect(offerer.batches).toEqual([]);
  });

  test('G7: host candidates of the other side are not tried when they are not allowed', async () => {
    const answerer = negotiator({ allowHost: false });
    const tried: unknown[] = [];
    const offerer = negotiator();
    const offer = await offerer.negotiation.createOffer();
    await answerer.negotiation.acceptOffer(offer);
    answerer.connection.addIceCandidate = async (candidate) => void tried.push(candidate);
    const srflx = { candidate: 'candidate:2 1 udp 1686052607 8.8.8.8 9 typ srflx raddr 0.0.0.0 rport 0', sdpMid: '0' };
    await answerer.negotiation.acceptCandidates(JSON.stringify([CANDIDATE, srflx]));
    expect(tried).toEqual([srflx]);
  });
});

describe('G5: what is malformed or too much', () => {
  test.each([
    ['no JSON', '{'],
    ['no array', '{"candidate":"x"}'],
    ['null', 'null'],
    ['a candidate that is no text', JSON.stringify([{ candidate: 7, sdpMid: '0' }])],
    ['a candidate without a section', JSON.stringify([{ candidate: CANDIDATE.candidate }])],
    ['a candidate of more than 500 characters', batchOf(1, { candidate: `${CANDIDATE.candidate} ${'x'.repeat(500)}`, sdpMid: '0' })],
    ['a section name of more than 50', batchOf(1, { candidate: CANDIDATE.candidate, sdpMid: 'x'.repeat(51) })],
    ['more than 40 candidates in a batch', batchOf(41)],
  ])('%s ends the negotiation', async (_, batch) => {
    const side = negotiator();
    await side.negotiation.acceptCandidates(batch);
    expect(await side.failed).toMatch(/malformed/);
    expect(side.negotiation.isPending).toBe(false);
  });

  test('80 candidates are heard out, one more is too many', async () => {
    const side = negotiator();
    await side.negotiation.acceptCandidates(batchOf(40));
    await side.negotiation.acceptCandidates(batchOf(40));
    expect(side.negotiation.isPending).toBe(true);
    await side.negotiation.acceptCandidates(batchOf(1));
    expect(await side.failed).toMatch(/malformed/);
  });

  test('a candidate that only looks like one costs itself alone', async () => {
    const [offerer, answerer] = [negotiator(), negotiator()];
    await negotiate(offerer, answerer);
    await answerer.negotiation.acceptCandidates(
      JSON.stringify([
        { candidate: 'candidate:1 1 udp 99999999999999 300.300.300.300 99999999 typ host', sdpMid: '0' },
        { candidate: '', sdpMid: null },
        { candidate: 'candidate:1 1 udp 1 192.168.1.7 9 typ host', sdpMid: 'no such section' },
      ]),
    );
    expect(await Promise.all([offerer.linked, answerer.linked])).toHaveLength(2);
  });

  test.each([
    ['empty', ''],
    ['no description', 'nonsense'],
    ['without a section', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n'],
    ['of more than 64 KiB', `v=0\r\n${'a=x\r\n'.repeat(20_000)}`],
  ])('an offer that is %s is refused', async (_, sdp) => {
    const side = negotiator();
    await expect(side.negotiation.acceptOffer(sdp)).rejects.toThrow(Error);
  });

  test('an answer nobody asked for is refused', async () => {
    const side = negotiator();
    await side.negotiation.createOffer();
    await expect(side.negotiation.acceptAnswer('nonsense')).rejects.toThrow(Error);
    side.negotiation.fail('its answer was refused');
    expect(await side.failed).toBe('its answer was refused');
  });
});

describe('the end of a negotiation', () => {
  test('that is given up says so once, and its connection is closed', async () => {
    const side = negotiator();
    await side.negotiation.createOffer();
    side.negotiation.fail('given up');
    side.negotiation.fail('again');
    expect(await side.failed).toBe('given up');
    expect(side.connection.connectionState).toBe('closed');
  });

  test('comes with its connection', async () => {
    const side = negotiator();
    await side.negotiation.createOffer();
    side.connection.close();
    expect(await side.failed).toMatch(/lost|left/);
  });

  test('does not touch a link that was handed over', async () => {
    const [offerer, answerer] = [negotiator(), negotiator()];
    await negotiate(offerer, answerer);
    const [link, other] = await Promise.all([offerer.linked, answerer.linked]);
    offerer.negotiation.fail('no connection in time');
    const received = new Promise<number[]>((resolve) => {
      other.receive({ onFrame: (_, frame) => resolve([...frame]), onDrain() {}, onClose() {} });
    });
    link.send('control', Uint8Array.of(1, 2, 3));
    expect(await received).toEqual([1, 2, 3]);
  });
});

test('G14: who offers begins the encryption, and offers the same as often as it is asked', async () => {
  const { negotiation } = negotiator();
  const offer = await negotiation.createOffer();
  expect(offer).toMatch(/^a=setup:active\r?$/m);
  expect(offer).not.toContain('actpass');
  expect(await negotiation.createOffer()).toBe(offer);
});
