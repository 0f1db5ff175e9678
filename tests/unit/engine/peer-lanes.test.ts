import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Lane } from '@/src/engine/lane';
import {
  decodeControl,
  encodeBlock,
  encodeControl,
  MAX_REQUESTED_RANGES,
  type BlockRange,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import { memoryLinkPair, type MemoryLink } from '@/src/transport/memory-link';
import { DownloadBench, UNIT } from './download-bench';
import type { RemoteEnd } from './remote-end';

interface FarLane {
  readonly link: MemoryLink;
  readonly asked: BlockRange[];
  readonly said: ControlMessage[];
  closings: number;
}

/** One more connection to a linked peer; what our side asks for over it is in `asked`. */
function openLane(bench: DownloadBench, remote: RemoteEnd): FarLane {
  const [near, link] = memoryLinkPair((deliver) => deliver());
  const lane: FarLane = { link, asked: [], said: [], closings: 0 };
  link.receive({
    onFrame(_channel, frame) {
      const message = decodeControl(frame);
      if (message === undefined) return;
      if (message.type === 'request') lane.asked.push(...message.ranges);
      else lane.said.push(message);
    },
    onDrain() {},
    onClose() {},
  });
  remote.peer.addLane(near, bench.clock.now(), () => lane.closings++);
  return lane;
}

const keyOf = ({ piece, offsetBytes }: BlockRange): string => `${piece}+${offsetBytes}`;

describe('L5', () => {
  test('each connection has a window of its own, and no block is asked for over two', () => {
    const bench = new DownloadBench({ pieces: 20 });
    const remote = bench.peer(1);
    const lane = openLane(bench, remote);
    const first = remote.takeRanges();
    expect(first.map(({ lengthBytes }) => lengthBytes)).toEqual([UNIT, UNIT, UNIT, UNIT]);
    expect(lane.asked, 'it begins with less than the first did').toHaveLength(3);
    expect(new Set([...first, ...lane.asked].map(keyOf)).size).toBe(7);
  });

  test('what is asked for over a connection comes over it, and the film is whole', async () => {
    const bench = new DownloadBench({ pieces: 6 });
    const remote = bench.peer(1);
    const lane = openLane(bench, remote);
    while (bench.kept.size < 6) {
      for (const range of lane.asked.splice(0)) lane.link.send('bulk', encodeBlock(range.piece, range.offsetBytes, bench.block(range)));
      bench.serve(remote);
      await setImmediate();
    }
    expect(bench.wasted.size).toBe(0);
    expect(remote.gone).toBeUndefined();
  });

  test('a block that was asked for over another connection: drop', () => {
    const bench = new DownloadBench({ pieces: 20 });
    const remote = bench.peer(1);
    const lane = openLane(bench, remote);
    const owed = remote.takeRanges();
    for (const range of owed.slice(0, 1)) {
      lane.link.send('bulk', encodeBlock(range.piece, range.offsetBytes, bench.block(range)));
    }
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B4/), blamed: true });
  });

  test.each<ControlMessage>([{ type: 'have-all' }, { type: 'have', pieces: [1] }, { type: 'lane-close', lane: 1 }])(
    '%o on a lane: drop',
    (message) => {
      const bench = new DownloadBench();
      const remote = bench.peer(1);
      const lane = openLane(bench, remote);
      lane.link.send('control', encodeControl(message));
      expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^L5/), blamed: true });
    },
  );

  test('the lanes end with the first connection', () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    const lane = openLane(bench, remote);
    remote.link.close('bye');
    expect(lane.closings).toBe(1);
    const late = openLane(bench, remote);
    expect(late.closings).toBe(1);
    expect(late.asked).toEqual([]);
  });
});

test.each([
  [0, []],
  [1, [1]],
  [MAX_REQUESTED_RANGES, [MAX_REQUESTED_RANGES]],
  [2 * MAX_REQUESTED_RANGES + 1, [MAX_REQUESTED_RANGES, MAX_REQUESTED_RANGES, 1]],
])('B1: %i blocks are asked for in requests of %j', (count, expected) => {
  const [near, far] = memoryLinkPair((deliver) => deliver());
  const asked: (readonly BlockRange[])[] = [];
  far.receive({
    onFrame(_channel, frame) {
      const message = decodeControl(frame);
      if (message?.type === 'request') asked.push(message.ranges);
    },
    onDrain() {},
    onClose() {},
  });
  const ranges = Array.from({ length: count }, (_, piece) => ({ piece, offsetBytes: 0, lengthBytes: UNIT }));
  new Lane(near, 0).request(ranges);
  expect(asked.map(({ length }) => length)).toEqual(expected);
  expect(asked.flat()).toEqual(ranges);
});

test('L9: what a lane owed when it closed is asked for over what is left', async () => {
  const bench = new DownloadBench({ pieces: 4 });
  const remote = bench.peer(1);
  const lane = openLane(bench, remote);
  const lost = lane.asked.map(keyOf);
  expect(lost.length).toBeGreaterThan(0);
  lane.link.close('the connection was lost');
  expect(lane.closings).toBe(1);
  expect(remote.gone).toBeUndefined();
  await bench.finish(remote);
  expect(bench.kept.size).toBe(4);
});

test('a lane that stops sending is closed, and the peer stays', async () => {
  const bench = new DownloadBench({ pieces: 20 });
  const remote = bench.peer(1);
  const lane = openLane(bench, remote);
  bench.serve(remote);
  bench.clock.advance(9000);
  bench.serve(remote);
  bench.clock.advance(2000);
  bench.downloader.tick();
  expect(lane.closings).toBe(1);
  expect(remote.gone).toBeUndefined();
});
