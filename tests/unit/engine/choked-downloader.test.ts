import { describe, expect, test } from 'vitest';
import type { BlockRange } from '@/src/protocol/peer-messages';
import { asked, DownloadBench } from './download-bench';
import type { RemoteEnd } from './remote-end';

/** Chokes as SPEC C2 has it: what waits is rejected. */
function choke(remote: RemoteEnd): void {
  const waiting = remote.takeRanges();
  remote.send({ type: 'choke' });
  for (const range of waiting) reject(remote, range);
}

function reject(remote: RemoteEnd, { piece, offsetBytes, lengthBytes }: BlockRange): RemoteEnd {
  return remote.send({ type: 'reject', piece, offsetBytes, lengthBytes });
}

describe('C1: a peer that has said nothing of it', () => {
  test('is asked at once', () => {
    expect(asked(new DownloadBench().peer(1))).not.toEqual([]);
  });
});

describe('C3: a peer that chokes', () => {
  test('is asked for nothing, and what it was asked for is asked of others', () => {
    const bench = new DownloadBench({ pieces: 4 });
    const [choking, other] = [bench.peer(1), bench.peer(2)];
    asked(other);
    choke(choking);
    expect(asked(choking)).toEqual([]);
    bench.serve(other);
    expect(choking.peer.owesNothing).toBe(true);
    bench.plan([0]);
    expect(asked(choking)).toEqual([]);
  });

  test('still has its pieces: it is asked again once it unchokes', async () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    const before = remote.ranges.length;
    choke(remote);
    remote.send({ type: 'unchoke' });
    expect(remote.ranges).toHaveLength(before);
    await bench.finish(remote);
    expect(bench.kept.size).toBe(4);
  });

  test('still has its pieces, too, when its rejects came before its choke: they go over another lane', async () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    for (const range of remote.takeRanges()) reject(remote, range);
    for (let piece = 0; piece < 4; piece++) for (const range of remote.takeRanges()) reject(remote, range);
    expect(remote.peer.has?.count).toBe(0);
    remote.send({ type: 'choke' }).send({ type: 'unchoke' });
    expect(remote.peer.has?.count).toBe(4);
    await bench.finish(remote);
    expect(bench.kept.size).toBe(4);
  });

  test('may still send what was on its way', async () => {
    const bench = new DownloadBench({ pieces: 1 });
    const remote = bench.peer(1);
    const [first, ...rest] = remote.takeRanges();
    remote.send({ type: 'choke' });
    for (const range of rest) reject(remote, range);
    if (first !== undefined) bench.serve(remote, [first]);
    expect(remote.gone).toBeUndefined();
    expect(bench.wasted.size).toBe(0);
    await bench.finish(bench.peer(2));
    const { downloadedBytes } = remote.peer.traffic.totals();
    expect(downloadedBytes).toBeGreaterThan(0);
    expect(bench.wasted.size).toBe(0);
  });

  test('keeps no claim: another source may fetch what it alone has', () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    const isFree = (): boolean => bench.planner.isOpen('webtorrent', 0);
    expect(isFree()).toBe(false);
    choke(remote);
    expect(isFree()).toBe(true);
  });

  test('does not hold up a failed piece that it alone was to send again', async () => {
    const bench = new DownloadBench({ pieces: 1 });
    const [liar, second] = [bench.peer(1), bench.peer(2)];
    const [first, ...rest] = liar.takeRanges();
    const honest = bench.peer(3);
    for (const range of rest) reject(liar, range).send({ type: 'have', pieces: [0] });
    if (first !== undefined) bench.serve(liar, [first], true);
    const peers = [liar, second, honest];
    for (const remote of [second, honest]) bench.serve(remote);
    await bench.failed();
    const alone = peers.find(({ received }) => received.some(({ type }) => type === 'request'));
    if (alone === undefined) throw new Error('somebody is asked for the piece again');
    choke(alone);
    const others = peers.filter((remote) => remote !== alone && remote !== liar);
    await bench.finish(...others);
    expect(bench.kept.size).toBe(1);
  });
});

test('C4: choking twice changes nothing, and counts', () => {
  const remote = new DownloadBench().peer(1);
  remote.send({ type: 'choke' }).send({ type: 'choke' }).send({ type: 'unchoke' }).send({ type: 'unchoke' });
  expect(remote.events.filter((event) => event === 'onChoking')).toHaveLength(2);
  expect(remote.gone).toBeUndefined();
});
