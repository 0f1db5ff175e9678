import { setImmediate as settled } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createNodeConnection } from '@/src/host/node-rtc';
import { toHex } from '@/src/base/bytes';
import { systemClock } from '@/src/host/system-clock';
import { parsePeerId } from '@/src/protocol/ids';
import { readDescription } from '@/src/transport/non-trickle-sdp';
import { toBinaryText } from '@/src/transport/tracker-messages';
import { WholeNegotiation } from '@/src/transport/whole-negotiation';
import type { WireChannel } from '@/src/transport/wire-channel';
import { trackerStage, type TrackerStage } from './tracker-stage';
import { handshake, INFO_HASH, PEER_ID } from './wire-bytes';
import { notice } from '@/src/protocol/notice';

/** Connected, and the first announce answered. */
async function announced(
  stage: TrackerStage,
  answer: Record<string, unknown> = { interval: 120, complete: 3, incomplete: 20 },
): Promise<TrackerStage> {
  stage.socket().open();
  await stage.sent(1);
  stage.socket().say(answer);
  return stage;
}

/** What a stranger offers. */
async function strangersOffer(): Promise<string> {
  const connection = createNodeConnection({ iceServers: [] });
  const negotiation = new WholeNegotiation({
    asksServers: false,
    connection,
    clock: systemClock,
    allowHost: true,
    gatherCapMs: 5000,
    timeoutMs: 60_000,
    onOpen() {},
    onChannel() {},
    onFailed() {},
  });
  const sdp = await negotiation.createOffer('stranger');
  negotiation.fail('only its words were wanted');
  return sdp;
}

function randomId(): string {
  return toBinaryText(toHex(crypto.getRandomValues(new Uint8Array(20))));
}

/** Lets time pass until the tracker is tried again. @returns how much */
function waitForTry({ clock, sockets }: TrackerStage): number {
  const fromMs = clock.now();
  const { length } = sockets;
  while (sockets.length === length) clock.advance(100);
  return clock.now() - fromMs;
}

function offersOf(message: Record<string, unknown> | undefined): { readonly offer_id: string; readonly offer: { readonly sdp: string } }[] {
  return (message?.['offers'] ?? []) as { offer_id: string; offer: { sdp: string } }[];
}

describe('announcing', () => {
  test('five offers at first, each with candidates', async () => {
    const stage = trackerStage();
    stage.socket().open();
    const [message] = await stage.sent(1);
    expect(message).toMatchObject({ info_hash: toBinaryText(INFO_HASH), peer_id: toBinaryText(PEER_ID), event: 'started', numwant: 5 });
    const offers = offersOf(message);
    expect(offers).toHaveLength(5);
    expect(new Set(offers.map(({ offer_id }) => offer_id)).size).toBe(5);
    expect(offers.every(({ offer }) => offer.sdp.includes('a=candidate:'))).toBe(true);
  });

  test('two offers first, as each takes its time, and the others at once where more peers are', async () => {
    const stage = await announced(trackerStage({ limits: { firstOffers: 2 } }));
    const [first, second] = await stage.sent(2);
    expect(first).toMatchObject({ event: 'started', numwant: 2 });
    expect(second).toMatchObject({ numwant: 4 });
    expect(second).not.toHaveProperty('event');
    stage.socket().say({ interval: 120, complete: 3, incomplete: 20 });
    expect(stage.admission.waitingOffers).toBe(6);
    stage.socket().close();
    expect(stage.admission.waitingOffers).toBe(0);
  });

  test('two offers and no more where nobody else is', async () => {
    const stage = await announced(trackerStage({ limits: { firstOffers: 2 } }), { interval: 120, complete: 1, incomplete: 1 });
    stage.clock.advance(119_000);
    expect(await stage.sent(1)).toHaveLength(1);
  });

  test('no more offers than peers are wanted', async () => {
    const stage = trackerStage({ wanted: () => 2 });
    stage.socket().open();
    expect((await stage.sent(1))[0]).toMatchObject({ numwant: 2 });
  });

  test('when nobody is wanted the tracker is asked for numbers only', async () => {
    const stage = await announced(trackerStage({ wanted: () => 0 }));
    expect((await stage.sent(1))[0]).toMatchObject({ numwant: 0, offers: [] });
    expect(stage.connections).toEqual([]);
    expect(stage.client.status).toMatchObject({ state: 'connected', seeders: 3, leechers: 20 });
  });

  test('offers for which nobody is there are withdrawn', async () => {
    const stage = await announced(trackerStage(), { interval: 120, complete: 0, incomplete: 1 });
    expect(stage.admission.waitingOffers).toBe(1);
    expect(stage.connections.map(({ connectionState }) => connectionState).filter((state) => state === 'closed')).toHaveLength(4);
  });

  test('an offer nobody answers ends after its time', async () => {
    const stage = await announced(trackerStage({ limits: { negotiationTimeoutMs: 60_000 } }));
    expect(stage.admission.waitingOffers).toBe(5);
    stage.clock.advance(60_000);
    expect(stage.admission.waitingOffers).toBe(0);
  });

  test.each([
    [{ interval: 60 }, 60_000],
    [{ interval: 0 }, 15_000],
    [{ interval: 1e9 }, 900_000],
    [{ 'min interval': 30 }, 30_000],
    [{ interval: 'never' }, 120_000],
    [{}, 120_000],
  ])('after %j it announces again in %i ms', async (answer, intervalMs) => {
    const stage = await announced(trackerStage({ wanted: () => 0 }), answer);
    stage.clock.advance(intervalMs - 1);
    expect(stage.socket().sent).toHaveLength(1);
    stage.clock.advance(1);
    const messages = await stage.sent(2);
    expect(messages[1]).not.toHaveProperty('event');
  });

  test('a tracker id is given back', async () => {
    const stage = await announced(trackerStage({ wanted: () => 0 }), { 'tracker id': 'seven' });
    stage.clock.advance(120_000);
    expect((await stage.sent(2))[1]).toMatchObject({ trackerid: 'seven' });
  });

  test('completion is told at once, the end as well', async () => {
    const stage = await announced(trackerStage({ wanted: () => 0 }));
    stage.client.completed();
    expect((await stage.sent(2))[1]).toMatchObject({ event: 'completed' });
    stage.abort.abort();
    expect((await stage.sent(3))[2]).toMatchObject({ event: 'stopped', offers: [] });
    expect(stage.socket().readyState).toBe(WebSocket.CLOSED);
  });

  test('trying again asks at once, but not more often than the shortest interval', async () => {
    const stage = await announced(trackerStage({ wanted: () => 0 }));
    stage.client.retry();
    stage.clock.advance(15_000);
    stage.client.retry();
    expect(await stage.sent(2)).toHaveLength(2);
  });
});

test('a peer that was missed is looked for again before the interval, but ever more slowly', async () => {
  const stage = await announced(trackerStage({ wanted: () => 10, limits: { offersPerAnnounce: 0, negotiationTimeoutMs: 10_000 } }), {
    interval: 300,
  });
  const sdp = await strangersOffer();
  const waitsMs: number[] = [];
  let messages = 1;
  for (let round = 0; round < 4; round++) {
    const fromMs = stage.clock.now();
    stage.socket().say({ peer_id: randomId(), offer_id: randomId(), offer: { type: 'offer', sdp } });
    await stage.sent(++messages);
    // Nobody is behind the offer: it runs out after ten seconds.
    const { length } = stage.socket().sent;
    while (stage.socket().sent.length === length) {
      stage.clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    messages++;
    stage.socket().say({ interval: 300 });
    waitsMs.push(stage.clock.now() - fromMs);
  }
  expect(waitsMs).toEqual([15_000, 30_000, 60_000, 120_000]);
});

/** A peer that offers through the tracker, is answered, and once connected does as it is told. */
async function meet(
  stage: TrackerStage,
  channels: readonly WireChannel[],
  act: (channel: RTCDataChannel, peerId: string) => void,
): Promise<void> {
  const peerId = randomId();
  const left = Promise.withResolvers<void>();
  const negotiation = new WholeNegotiation({
    asksServers: false,
    connection: createNodeConnection({ iceServers: [] }),
    clock: systemClock,
    allowHost: true,
    gatherCapMs: 5000,
    timeoutMs: 60_000,
    onOpen(channel) {
      channel.addEventListener('close', () => left.resolve());
      act(channel, peerId);
    },
    onChannel() {},
    onFailed: (reason) => left.reject(new Error(reason)),
  });
  onTestFinished(() => negotiation.connection.close());
  const sdp = await negotiation.createOffer('peer');
  const { length } = stage.socket().sent;
  stage.socket().say({ peer_id: peerId, offer_id: randomId(), offer: { type: 'offer', sdp } });
  const answer = (await stage.sent(length + 1)).at(-1)?.['answer'] as { readonly sdp: string };
  const description = readDescription(answer.sdp, true);
  if (description === undefined) throw new Error('the answer cannot be read');
  await negotiation.acceptAnswer(description);
  await left.promise;
  for (const channel of channels) if (!channel.destroyed) await new Promise<void>((resolve) => channel.once('close', () => resolve()));
}

describe('a peer that leaves', () => {
  test.each([
    ['without a word is looked for again before the interval', false, 3],
    ['after its handshake is not', true, 2],
  ])('%s', async (_what, greets, messages) => {
    const channels: WireChannel[] = [];
    const stage = await announced(
      trackerStage({ limits: { offersPerAnnounce: 0 }, onChannel: (channel) => void channels.push(channel.resume()) }),
      { interval: 300 },
    );
    await meet(stage, channels, (channel, peerId) => {
      if (greets)
        channel.send(handshake({ infoHash: INFO_HASH, peerId: parsePeerId(Buffer.from(peerId, 'latin1').toString('hex')) ?? PEER_ID }));
      // What was sent before goes out before.
      channel.close();
    });
    stage.clock.advance(15_000);
    await settled();
    expect(stage.socket().sent).toHaveLength(messages);
    expect(channels).toHaveLength(1);
  });

  test('before it was connected, and offers anew, is answered anew', async () => {
    const stage = await announced(trackerStage({ limits: { offersPerAnnounce: 0 } }));
    const peerId = randomId();
    for (let round = 1; round <= 3; round++) {
      stage.socket().say({ peer_id: peerId, offer_id: randomId(), offer: { type: 'offer', sdp: await strangersOffer() } });
      expect((await stage.sent(1 + round)).at(-1)).toHaveProperty('answer');
    }
    expect(stage.connections.map(({ connectionState }) => connectionState === 'closed')).toEqual([true, true, false]);
    expect(stage.admission.negotiations).toBe(1);
  });
});

describe('a tracker that is down', () => {
  test('is tried after one second, then ever more slowly, up to 30 s', () => {
    const stage = trackerStage({ wanted: () => 0 });
    const waitsMs: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      stage.socket().close();
      expect(stage.client.status).toMatchObject({ state: 'unreachable', reason: notice('unreachable', { host: 'tracker.example' }) });
      waitsMs.push(waitForTry(stage));
      expect(stage.client.status.state).toBe('connecting');
    }
    expect(waitsMs).toEqual([1500, 2500, 4500, 8500, 15_500, 15_500, 15_500, 15_500, 15_500]);
  });

  test('is not waited for without end', () => {
    const stage = trackerStage({ wanted: () => 0 });
    stage.clock.advance(10_000);
    expect(stage.client.status.state).toBe('unreachable');
  });

  test('that takes connections and says nothing is no better', async () => {
    const stage = trackerStage({ wanted: () => 0 });
    for (let attempt = 0; attempt < 3; attempt++) {
      stage.socket().open();
      await stage.sent(attempt + 1);
      stage.clock.advance(15_000);
      expect(stage.client.status).toMatchObject({ state: 'unreachable', reason: notice('trackerSilent') });
      if (attempt < 2) stage.clock.advance(5000);
    }
    expect(stage.sockets).toHaveLength(3);
  });

  test('withdraws the offers that were made for it', async () => {
    const stage = await announced(trackerStage());
    stage.socket().close();
    expect(stage.admission.waitingOffers).toBe(0);
  });

  test('and comes back is announced to again, and its first answer makes the waits short again', async () => {
    const stage = trackerStage({ wanted: () => 0 });
    for (let attempt = 0; attempt < 5; attempt++) {
      stage.socket().close();
      waitForTry(stage);
    }
    await announced(stage);
    expect(stage.client.status.state).toBe('connected');
    stage.socket().close();
    expect(waitForTry(stage)).toBe(1500);
  });

  test('trying again does not wait', () => {
    const stage = trackerStage({ wanted: () => 0 });
    stage.socket().close();
    stage.client.retry();
    expect(stage.sockets).toHaveLength(2);
  });

  test('that the browser will not connect to is told of', () => {
    const stage = trackerStage({
      createSocket() {
        throw new DOMException('insecure', 'SecurityError');
      },
    });
    expect(stage.client.status).toMatchObject({ state: 'unreachable', reason: notice('connectionRefused', { host: 'tracker.example' }) });
  });
});

describe('a hostile tracker', () => {
  test('at a private address from a link is never knocked at', () => {
    const stage = trackerStage({ url: 'ws://127.0.0.1:8080' });
    expect(stage.sockets).toEqual([]);
    expect(stage.client.status).toMatchObject({ state: 'refused', reason: notice('trackerPrivate') });
  });

  test('at a private address the viewer typed is asked', () => {
    expect(trackerStage({ url: 'ws://127.0.0.1:8080', typedByViewer: true }).sockets).toHaveLength(1);
  });

  test('that refuses is quoted, and asked again at its interval', async () => {
    const stage = await announced(trackerStage({ wanted: () => 0 }), { 'failure reason': 'torrent not registered' });
    expect(stage.client.status).toMatchObject({ state: 'refused', reason: notice('trackerSays', { reason: 'torrent not registered' }) });
    stage.clock.advance(120_000);
    expect(await stage.sent(2)).toHaveLength(2);
  });

  test('passes on no more offers than peers were asked for', async () => {
    const stage = await announced(trackerStage({ wanted: () => 3, limits: { offersPerAnnounce: 0 } }));
    const sdp = await strangersOffer();
    for (let index = 0; index < 100; index++) {
      stage.socket().say({ peer_id: randomId(), offer_id: randomId(), offer: { type: 'offer', sdp } });
    }
    const answers = (await stage.sent(4)).slice(1);
    expect(answers.every((message) => 'answer' in message)).toBe(true);
    expect(stage.connections).toHaveLength(3);
    expect(stage.admission.negotiations).toBe(3);
  });

  test('never has more than ten connections set up at a time', async () => {
    const stage = await announced(trackerStage({ wanted: () => 50, limits: { offersPerAnnounce: 0 } }));
    const sdp = await strangersOffer();
    for (let index = 0; index < 50; index++) {
      stage.socket().say({ peer_id: randomId(), offer_id: randomId(), offer: { type: 'offer', sdp } });
    }
    await stage.sent(11);
    expect(stage.connections).toHaveLength(10);
    stage.clock.advance(60_000);
    expect(stage.admission.negotiations).toBe(0);
    expect(stage.connections.every(({ connectionState }) => connectionState === 'closed')).toBe(true);
  });

  test('that talks without end is left', async () => {
    const stage = await announced(trackerStage({ wanted: () => 0 }));
    for (let index = 0; index < 500; index++) stage.socket().say({ interval: 120 });
    expect(stage.client.status).toMatchObject({ state: 'unreachable', reason: notice('trackerFloods') });
  });

  test.each([
    ['more than 128 KiB', 'x'.repeat(128 * 1024 + 1)],
    ['bytes', new ArrayBuffer(8)],
  ])('that sends %s is left', async (_what, data) => {
    const stage = await announced(trackerStage({ wanted: () => 0 }));
    stage.socket().sayText(data);
    expect(stage.client.status.state).toBe('unreachable');
  });

  test('cannot have an offer answered that was never made, nor one twice', async () => {
    const stage = await announced(trackerStage());
    const [message] = await stage.sent(1);
    const [offer] = offersOf(message);
    const sdp = (await strangersOffer()).replace('a=setup:actpass', 'a=setup:active');
    stage.socket().say({ peer_id: randomId(), offer_id: randomId(), answer: { type: 'answer', sdp } });
    expect(stage.admission.negotiations).toBe(0);
    for (let index = 0; index < 2; index++)
      stage.socket().say({ peer_id: randomId(), offer_id: offer?.offer_id, answer: { type: 'answer', sdp } });
    expect(stage.admission.negotiations).toBe(1);
    expect(stage.admission.waitingOffers).toBe(4);
  });

  test('that answers with no description costs that offer only', async () => {
    const stage = await announced(trackerStage());
    const [message] = await stage.sent(1);
    const [offer] = offersOf(message);
    stage.socket().say({ peer_id: randomId(), offer_id: offer?.offer_id, answer: { type: 'answer', sdp: 'nonsense' } });
    expect(stage.admission.negotiations).toBe(0);
    expect(stage.admission.waitingOffers).toBe(4);
  });
});
