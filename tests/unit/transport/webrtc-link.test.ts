import { expect, test } from 'vitest';
import type { Bytes } from '@/src/base/bytes';
import type { LinkChannel, PeerLink } from '@/src/transport/peer-link';
import { linkedPair, negotiate, negotiator } from './negotiation-pair';

/** Takes the next frames of a link. */
function nextFrames(link: PeerLink, count: number): Promise<{ channel: LinkChannel; frame: Bytes }[]> {
  const frames: { channel: LinkChannel; frame: Bytes }[] = [];
  return new Promise((resolve) => {
    link.receive({
      onFrame(channel, frame) {
        frames.push({ channel, frame });
        if (frames.length === count) resolve(frames);
      },
      onDrain() {},
      onClose() {},
    });
  });
}

function closeReason(link: PeerLink): Promise<string> {
  return new Promise((resolve) => link.receive({ onFrame() {}, onDrain() {}, onClose: resolve }));
}

test('L1: frames arrive whole on both channels, in both directions', async () => {
  const [left, right] = await linkedPair();
  const large = new Uint8Array(65_545).map((_, index) => index);
  const atRight = nextFrames(right, 2);
  const atLeft = nextFrames(left, 1);
  left.send('control', Uint8Array.of(1));
  left.send('bulk', large);
  right.send('control', Uint8Array.of(2, 3));
  const received = new Map((await atRight).map(({ channel, frame }) => [channel, frame]));
  expect(received.get('control')).toEqual(Uint8Array.of(1));
  expect(received.get('bulk')).toEqual(large);
  expect(await atLeft).toEqual([{ channel: 'control', frame: Uint8Array.of(2, 3) }]);
});

test('L1: control frames keep their order', async () => {
  const [left, right] = await linkedPair();
  const received = nextFrames(right, 200);
  for (let index = 0; index < 200; index++) left.send('control', Uint8Array.of(index));
  expect((await received).map(({ frame }) => frame[0])).toEqual(Array.from({ length: 200 }, (_, index) => index));
});

test('frames that come before somebody takes the link over wait for them', async () => {
  const [left, right] = await linkedPair();
  const echoed = nextFrames(left, 1);
  left.send('control', Uint8Array.of(7));
  right.send('control', Uint8Array.of(8));
  await echoed;
  const [first] = await nextFrames(right, 1);
  expect(first).toEqual({ channel: 'control', frame: Uint8Array.of(7) });
});

test('a full bulk channel says when it has drained', async () => {
  const [left, right] = await linkedPair();
  const received = nextFrames(right, 100);
  const drained = new Promise<void>((resolve) => {
    // The first frames may have left before the others are there: that, too, is told.
    const onDrain = (): void => {
      if (left.bufferedBulkBytes < 1_000_000) resolve();
    };
    left.receive({ onFrame() {}, onDrain, onClose() {} });
  });
  for (let index = 0; index < 100; index++) left.send('bulk', new Uint8Array(60_000));
  expect(left.bufferedBulkBytes).toBeGreaterThan(1_000_000);
  await drained;
  expect(await received).toHaveLength(100);
});

test('L7: who lets a mebibyte of control frames wait is let go, and gets no more of them', async () => {
  const [left, right] = await linkedPair();
  const closedAtRight = closeReason(right);
  const closed = closeReason(left);
  // Nothing leaves before this turn is over: as with a peer that does not read.
  let sent = 0;
  for (; sent < 200; sent++) left.send('control', new Uint8Array(16_384));
  expect(await closed).toBe('the peer does not read');
  expect(await closedAtRight).toMatch(/left|lost/);
});

test('closing is seen by the other side, and by both once', async () => {
  const [left, right] = await linkedPair();
  const atRight = closeReason(right);
  const reasons: string[] = [];
  left.receive({ onFrame() {}, onDrain() {}, onClose: (reason) => void reasons.push(reason) });
  left.close('enough');
  left.close('again');
  expect(await atRight).toMatch(/left|lost/);
  expect(reasons).toEqual(['enough']);
  left.send('control', Uint8Array.of(1));
  expect(await left.path()).toEqual({ kind: 'unknown', rttMs: undefined });
});

test('whoever takes over a link that is closed already hears so', async () => {
  const [left] = await linkedPair();
  left.close('enough');
  expect(await closeReason(left)).toBe('enough');
});

test('L2: a text message comes as what is no frame', async () => {
  const [offerer, answerer] = [negotiator(), negotiator()];
  await negotiate(offerer, answerer);
  const [, right] = await Promise.all([offerer.linked, answerer.linked]);
  const received = nextFrames(right, 1);
  offerer.channels[0]?.send('hello');
  expect(await received).toEqual([{ channel: 'control', frame: new Uint8Array() }]);
});

test('the round-trip time is in milliseconds, and not longer than the frames took', async () => {
  const startedAtMs = performance.now();
  const [left, right] = await linkedPair();
  const received = nextFrames(right, 50);
  for (let index = 0; index < 50; index++) left.send('bulk', new Uint8Array(60_000));
  await received;
  const paths = await Promise.all([left.path(), right.path()]);
  const tookMs = performance.now() - startedAtMs;
  for (const { rttMs } of paths) expect(rttMs).toBeLessThanOrEqual(tookMs);
});
