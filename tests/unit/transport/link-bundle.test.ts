import { expect, test } from 'vitest';
import type { Bytes } from '@/src/base/bytes';
import { LinkBundle } from '@/src/transport/link-bundle';
import { memoryLinkPair } from '@/src/transport/memory-link';
import type { LinkChannel, LinkHandlers, LinkPath, PeerLink } from '@/src/transport/peer-link';

/** A link whose buffer the test fills. */
class BufferedLink implements PeerLink {
  bufferedBulkBytes = 0;
  readonly sent: { readonly channel: LinkChannel; readonly frame: Bytes }[] = [];
  handlers: LinkHandlers | undefined;
  closed: string | undefined;

  send(channel: LinkChannel, frame: Bytes): void {
    this.sent.push({ channel, frame });
  }

  close(reason: string): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    this.handlers?.onClose(reason);
  }

  path(): Promise<LinkPath> {
    return Promise.resolve({ kind: 'memory', rttMs: 7 });
  }

  receive(handlers: LinkHandlers): void {
    this.handlers = handlers;
  }
}

function bundled() {
  const first = new BufferedLink();
  const lanes = [new BufferedLink(), new BufferedLink()];
  const bundle = new LinkBundle(first);
  const events: string[] = [];
  bundle.receive({
    onFrame: (channel, frame) => events.push(`${channel} ${frame.join()}`),
    onDrain: () => events.push('drain'),
    onLaneLost: () => events.push('lost'),
    onClose: (reason) => events.push(`closed: ${reason}`),
  });
  return { first, lanes, bundle, events };
}

const FRAME = Uint8Array.of(1);

test('L5: control frames go over the first connection, blocks over the one that has least waiting', () => {
  const { first, lanes, bundle } = bundled();
  const [left, right] = lanes;
  for (const lane of lanes) bundle.addLane(lane);
  first.bufferedBulkBytes = 500;
  if (left !== undefined) left.bufferedBulkBytes = 300;
  if (right !== undefined) right.bufferedBulkBytes = 400;
  expect(bundle.bufferedBulkBytes).toBe(300);
  bundle.send('control', FRAME);
  bundle.send('bulk', FRAME);
  expect(first.sent.map(({ channel }) => channel)).toEqual(['control']);
  expect(left?.sent.map(({ channel }) => channel)).toEqual(['bulk']);
  expect(right?.sent).toEqual([]);
});

test('connections that have nothing waiting take turns', () => {
  const { first, lanes, bundle } = bundled();
  for (const lane of lanes) bundle.addLane(lane);
  for (let block = 0; block < 9; block++) bundle.send('bulk', FRAME);
  expect([first, ...lanes].map(({ sent }) => sent.length)).toEqual([3, 3, 3]);
});

test('L5: a control frame on a lane ends the link', () => {
  const { first, lanes, bundle, events } = bundled();
  const [lane] = lanes;
  if (lane === undefined) throw new Error('no lane');
  bundle.addLane(lane);
  lane.handlers?.onFrame('bulk', Uint8Array.of(5));
  lane.handlers?.onFrame('control', Uint8Array.of(6));
  expect(events).toContain('bulk 5');
  expect(events.join()).not.toContain('control 6');
  expect(first.closed).toContain('L5');
  expect(lane.closed).toContain('L5');
});

test('L7: a lane that closes is told, and no block goes there any more', () => {
  const { first, lanes, bundle, events } = bundled();
  const [lane] = lanes;
  if (lane === undefined) throw new Error('no lane');
  let closed = 0;
  bundle.addLane(lane, () => closed++);
  expect(bundle.laneCount).toBe(1);
  lane.close('the peer left');
  expect(events.filter((event) => event === 'lost')).toHaveLength(1);
  expect(closed).toBe(1);
  expect(bundle.laneCount).toBe(0);
  bundle.send('bulk', FRAME);
  expect(first.sent).toHaveLength(1);
});

test('the link ends with its first connection, and all lanes with it', () => {
  const { first, lanes, bundle, events } = bundled();
  for (const lane of lanes) bundle.addLane(lane);
  first.close('the connection was lost');
  expect(lanes.map(({ closed }) => closed)).toEqual(['the connection was lost', 'the connection was lost']);
  expect(events.filter((event) => event === 'lost')).toEqual([]);
  expect(events).toContain('closed: the connection was lost');
  const late = new BufferedLink();
  let closed = 0;
  bundle.addLane(late, () => closed++);
  expect(late.closed).toBeDefined();
  expect(closed).toBe(1);
});

test('without lanes it is its first connection', async () => {
  const [near, far] = memoryLinkPair((deliver) => deliver());
  const bundle = new LinkBundle(near);
  const received: LinkChannel[] = [];
  bundle.receive({ onFrame: (channel) => received.push(channel), onDrain() {}, onLaneLost() {}, onClose() {} });
  far.receive({ onFrame: (channel) => received.push(channel), onDrain() {}, onClose() {} });
  far.send('bulk', FRAME);
  bundle.send('bulk', FRAME);
  bundle.send('control', FRAME);
  expect(received).toEqual(['bulk', 'bulk', 'control']);
  expect(await bundle.path()).toEqual({ kind: 'memory', rttMs: 0 });
});
