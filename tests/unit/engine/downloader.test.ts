import { setImmediate as settled } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { BlockRange } from '@/src/protocol/peer-messages';
import { DEFAULT_LANE_LIMITS } from '@/src/scheduler/lane-policy';
import { asked, cancelled, DownloadBench, UNIT } from './download-bench';

describe('fetching', () => {
  test('B5: every piece is put together, verified and handed on as it is', async () => {
    const bench = new DownloadBench();
    await bench.finish(bench.peer(1));
    for (const [piece, bytes] of bench.kept) {
      expect(bytes).toEqual(bench.block({ piece, offsetBytes: 0, lengthBytes: bytes.length }));
    }
    expect(bench.kept.size).toBe(4);
    expect(bench.wasted.size).toBe(0);
  });

  test('two peers share the work, and no byte is fetched twice', async () => {
    const bench = new DownloadBench({ pieces: 20 });
    const remotes = [bench.peer(1), bench.peer(2)];
    await bench.finish(...remotes);
    const downloaded = remotes.map(({ peer }) => peer.traffic.totals().downloadedBytes);
    expect(downloaded.every((bytes) => bytes > 0)).toBe(true);
    expect(downloaded.reduce((total, bytes) => total + bytes, 0)).toBe(bench.film.length);
  });

  test('a peer owes no more than its window, which starts at 64 KiB', () => {
    const bench = new DownloadBench({ pieces: 20 });
    const remote = bench.peer(1);
    expect(asked(remote)).toEqual(['0+0', '0+1', '1+0', '1+1']);
    expect(remote.peer.first.owed.owedBytes).toBe(64 * 1024);
  });

  test.each([1, 4])('what is missing is enough for more connections, also of a film of pieces of %i × 16 KiB', (unitsInPiece) => {
    const bench = new DownloadBench({ pieces: 400 / unitsInPiece, unitsInPiece });
    expect(bench.downloader.missingBytes).toBeGreaterThan(2 * DEFAULT_LANE_LIMITS.minWantedBytes);
    for (let piece = 2; piece < bench.info.pieceCount; piece++) bench.verified.add(piece);
    expect(bench.downloader.missingBytes).toBe(2 * bench.info.pieceLengthBytes);
  });

  test('B1: what is asked for at the same time goes in one request', () => {
    const remote = new DownloadBench({ pieces: 20 }).peer(1);
    expect(remote.take('request').map(({ ranges }) => ranges.length)).toEqual([4]);
  });

  test.each([
    ['stay small while nothing says that the path is short', undefined, [UNIT]],
    ['are as large as they may be once the window is, where the path is short', 2, [UNIT, 2 * UNIT, 4 * UNIT]],
  ])('blocks that come late %s', async (_, rttMs, expected) => {
    const bench = new DownloadBench({ pieces: 24, unitsInPiece: 16 });
    const remote = bench.peer(1);
    remote.peer.path = { kind: 'unknown', rttMs };
    const sizes = new Set<number>();
    while (!bench.verified.isFull) {
      bench.clock.advance(40);
      const ranges = remote.takeRanges();
      for (const { lengthBytes } of ranges) if (lengthBytes % UNIT === 0) sizes.add(lengthBytes);
      bench.serve(remote, ranges);
      await settled();
    }
    expect([...sizes].toSorted((left, right) => left - right)).toEqual(expected);
    expect(bench.wasted.size).toBe(0);
  });

  test('what is urgent is asked for first', () => {
    const bench = new DownloadBench({ pieces: 20 });
    bench.plan([7, 3]);
    expect(asked(bench.peer(1))).toEqual(['7+0', '7+1', '3+0', '3+1']);
  });

  test('a peer is asked only for what it has, and for more once it tells', () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1, { type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0b0010_0000) });
    expect(asked(remote)).toEqual(['2+0', '2+1']);
    remote.send({ type: 'have', pieces: [0] });
    expect(asked(remote)).toEqual(['0+0', '0+1']);
  });

  test('no more pieces are begun than memory allows, but always two', () => {
    const bench = new DownloadBench({ pieces: 20, limits: { assemblyBytes: 1 } });
    expect([asked(bench.peer(1)), asked(bench.peer(2))]).toEqual([['0+0', '0+1', '1+0', '1+1'], []]);
  });

  test('half pieces that nobody has any more do not fill that memory', async () => {
    const bench = new DownloadBench({ pieces: 4, limits: { assemblyBytes: 1 } });
    const leaving = bench.peer(1, { type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0b1100_0000) });
    bench.serve(leaving, leaving.takeRanges().slice(0, 1));
    const other = bench.peer(2, { type: 'bitfield-part', firstByte: 0, payload: Uint8Array.of(0b0011_0000) });
    expect(asked(other)).toEqual([]);
    leaving.link.close('bye');
    expect(asked(other)).toEqual(['2+0', '2+1', '3+0', '3+1']);
  });

  test('memory that a verified piece gives back is used at once', async () => {
    const bench = new DownloadBench({ pieces: 6, limits: { assemblyBytes: 1 } });
    await bench.finish(bench.peer(1));
    expect(bench.kept.size).toBe(6);
  });

  test('a piece that could not be kept is fetched again, and nothing else breaks', async () => {
    const bench = new DownloadBench({ pieces: 2 });
    const remote = bench.peer(1);
    const { keep } = bench;
    bench.keep = async () => {
      bench.keep = keep;
      throw new Error('the disk is full');
    };
    await bench.finish(remote);
    expect(bench.kept.size).toBe(2);
    expect(remote.gone).toBeUndefined();
  });
});

test.each(['verified', 'kept'])('N3: a whole piece that a second peer pushes while it is being %s is handed on once', async (step) => {
  const bench = new DownloadBench({ pieces: 1 });
  const begun = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const { keep } = bench;
  let kept = 0;
  bench.keep = async (piece, bytes) => {
    kept++;
    begun.resolve();
    await mayEnd.promise;
    // The buffer is given away.
    await keep(piece, structuredClone(bytes, { transfer: [bytes.buffer] }));
  };
  const pushing = bench.peer(2, { type: 'have-none' });
  const remote = bench.peer(1);
  const ranges = remote.takeRanges();
  bench.serve(remote, ranges);
  if (step === 'kept') await begun.promise;
  bench.downloader.adoptPush(pushing.peer, { piece: 0, lengthBytes: bench.film.length }, []);
  bench.serve(pushing, ranges);
  mayEnd.resolve();
  await bench.until(() => bench.verified.isFull);
  await settled();
  expect(kept).toBe(1);
  expect(bench.kept.get(0)).toEqual(bench.film);
  expect(bench.wasted).toEqual(new Map([[pushing.peer, bench.film.length]]));
  expect(pushing.gone).toBeUndefined();
});

describe('B4', () => {
  test('a block nobody asked for: drop', () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1, { type: 'have-none' });
    bench.serve(remote, [{ piece: 0, offsetBytes: 0, lengthBytes: UNIT }]);
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B4/), blamed: true });
  });

  test.each([1, UNIT - 1, 2 * UNIT])('a block of %i bytes instead of what was asked for: drop', (lengthBytes) => {
    const remote = new DownloadBench().peer(1);
    remote.sendBlock({ piece: 0, offsetBytes: 0 }, new Uint8Array(lengthBytes));
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B4/), blamed: true });
  });

  test('the same block twice: drop', () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    const [first] = remote.takeRanges();
    if (first !== undefined) bench.serve(remote, [first, first]);
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^B4/), blamed: true });
  });

  test('a block that crossed our cancel is counted as wasted, without blame', () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    const ranges = remote.takeRanges();
    bench.downloader.pause();
    bench.serve(remote, ranges);
    expect(remote.gone).toBeUndefined();
    expect(bench.wasted.get(remote.peer)).toBe(4 * UNIT);
  });
});

describe('late blocks', () => {
  test('that are urgent are asked of a second peer; whoever is slower is told to keep them', () => {
    const bench = new DownloadBench({ pieces: 1 });
    bench.plan([0]);
    const slow = bench.peer(1);
    const owed = slow.takeRanges();
    const quick = bench.peer(2);
    expect(asked(quick)).toEqual([]);
    bench.clock.advance(2000);
    bench.downloader.tick();
    const duplicates = quick.takeRanges();
    expect(duplicates).toHaveLength(2);
    bench.serve(quick, duplicates);
    expect(cancelled(slow)).toEqual(['0+0', '0+1']);
    bench.serve(slow, owed);
    expect(slow.gone).toBeUndefined();
    expect(bench.wasted.get(slow.peer)).toBe(2 * UNIT - 100);
    expect(bench.wasted.get(quick.peer)).toBeUndefined();
  });
});

describe('peers that stop sending', () => {
  test('lose their requests to others, and at the second time their link, without blame', () => {
    const bench = new DownloadBench({ pieces: 2 });
    const stalled = bench.peer(1);
    expect(asked(stalled)).toHaveLength(4);
    const other = bench.peer(2);
    bench.clock.advance(9999);
    bench.downloader.tick();
    expect(cancelled(stalled)).toEqual([]);
    bench.clock.advance(1);
    bench.downloader.tick();
    expect(cancelled(stalled)).toEqual(['0+0', '0+1', '1+0', '1+1']);
    expect([...new Set(asked(other))].sort()).toEqual(['0+0', '0+1', '1+0', '1+1']);
    expect(stalled.gone).toBeUndefined();
  });

  test('are not asked first for what was just taken from them', async () => {
    const bench = new DownloadBench();
    const stalled = bench.peer(1);
    const other = bench.peer(2);
    expect([asked(stalled), other.ranges.length]).toEqual([['0+0', '0+1', '1+0', '1+1'], 4]);
    bench.serve(other);
    await bench.until(() => bench.kept.size === 2);
    bench.clock.advance(10_000);
    bench.downloader.tick();
    expect(asked(other)).toEqual(['0+0', '0+1', '1+0', '1+1']);
  });

  test('are let go when they stall a second time', () => {
    const bench = new DownloadBench({ pieces: 2 });
    const stalled = bench.peer(1);
    for (let time = 0; time < 2; time++) {
      bench.clock.advance(10_000);
      bench.downloader.tick();
    }
    expect(stalled.gone).toEqual({ reason: 'it stopped sending', blamed: false });
  });

  test('are forgiven once they send again', () => {
    const bench = new DownloadBench({ pieces: 20 });
    const remote = bench.peer(1);
    bench.clock.advance(10_000);
    bench.downloader.tick();
    bench.serve(remote, remote.takeRanges().slice(-1));
    bench.clock.advance(10_000);
    bench.downloader.tick();
    expect(remote.gone).toBeUndefined();
  });

  test('R1: are not those whose path is lost: they keep what they owe, are asked for no more, and others bring what is urgent', () => {
    const bench = new DownloadBench({ pieces: 20 });
    bench.plan([0]);
    const away = bench.peer(1);
    const owed = away.takeRanges();
    away.peer.isAway = true;
    bench.downloader.away();
    for (let time = 0; time < 12; time++) {
      bench.clock.advance(1000);
      bench.downloader.tick();
    }
    expect([asked(away), cancelled(away), away.gone]).toEqual([[], [], undefined]);
    expect(asked(bench.peer(2))).toContain('0+0');
    away.peer.isAway = false;
    bench.serve(away, owed.slice(-1));
    bench.downloader.back(away.peer);
    expect(asked(away)).not.toEqual([]);
    expect(away.gone).toBeUndefined();
  });

  test('are not those that owe nothing', () => {
    const bench = new DownloadBench();
    const idle = bench.peer(1, { type: 'have-none' });
    bench.clock.advance(100_000);
    bench.downloader.tick();
    idle.send({ type: 'have', pieces: [0] });
    bench.downloader.tick();
    expect(asked(idle)).toEqual(['0+0', '0+1']);
    expect(cancelled(idle)).toEqual([]);
  });
});

describe('rejects', () => {
  test('send the request to another peer, and the piece is not asked of this one again', () => {
    const bench = new DownloadBench({ pieces: 1 });
    const first = bench.peer(1);
    const second = bench.peer(2);
    const [request] = first.takeRanges();
    if (request !== undefined) first.send({ ...rangeOf(request), type: 'reject' });
    expect(asked(second)).toEqual(['0+0']);
    expect(asked(first)).toEqual([]);
    expect(first.gone).toBeUndefined();
  });

  test('of what was never asked for change nothing', () => {
    const bench = new DownloadBench({ pieces: 4 });
    const remote = bench.peer(1).send({ type: 'reject', piece: 3, offsetBytes: 0, lengthBytes: UNIT });
    expect(remote.peer.has?.has(3)).toBe(true);
  });
});

describe('pausing', () => {
  test('cancels what is owed and asks for nothing until it is resumed', async () => {
    const bench = new DownloadBench();
    const remote = bench.peer(1);
    const before = asked(remote);
    bench.downloader.pause();
    expect(cancelled(remote)).toEqual(before);
    bench.plan([2]);
    bench.downloader.tick();
    expect(asked(remote)).toEqual([]);
    bench.downloader.resume();
    await bench.finish(remote);
    expect(bench.kept.size).toBe(4);
  });
});

describe('leaving', () => {
  test('opens what the peer owed to the others', () => {
    const bench = new DownloadBench({ pieces: 2 });
    const leaving = bench.peer(1);
    const staying = bench.peer(2);
    expect(asked(staying)).toEqual([]);
    leaving.link.close('bye');
    expect(asked(staying)).toEqual(['0+0', '0+1', '1+0', '1+1']);
  });
});

describe('B6: pieces that do not verify', () => {
  test('B5: are never handed on', async () => {
    const bench = new DownloadBench();
    const liar = bench.peer(1);
    bench.serve(liar, undefined, true);
    await bench.until(() => liar.gone !== undefined);
    expect(bench.kept.size).toBe(0);
  });

  test('name their author when there is only one: drop', async () => {
    const bench = new DownloadBench();
    const liar = bench.peer(1);
    bench.serve(liar, undefined, true);
    await bench.until(() => liar.gone !== undefined);
    expect(liar.gone).toMatchObject({ reason: expect.stringMatching(/^B6/), blamed: true });
    await bench.finish(bench.peer(2));
    expect(bench.kept.size).toBe(4);
  });

  test('with two authors give each a strike, and are fetched again from one alone', async () => {
    const { bench, liar, honest } = await sharedPiece();
    expect([liar.peer.strikes, honest.peer.strikes]).toEqual([1, 1]);
    const again = [asked(liar), asked(honest)].filter((ranges) => ranges.length > 0);
    expect(again).toEqual([['0+0', '0+1']]);
    expect(bench.kept.size).toBe(0);
  });

  test('name the liar once it sends the piece alone', async () => {
    const { bench, liar, honest } = await sharedPiece();
    if (honest.received.some(({ type }) => type === 'request')) honest.link.close('bye');
    bench.serve(liar, undefined, true);
    await bench.until(() => liar.gone !== undefined);
    expect(liar.gone).toMatchObject({ reason: expect.stringMatching(/^B6/), blamed: true });
  });

  test('name the liar once another peer sends the piece alone: its block was a different one', async () => {
    const { bench, liar, honest } = await sharedPiece();
    const witness = bench.peer(3);
    for (const remote of [liar, honest]) {
      for (const request of remote.takeRanges()) remote.send({ ...rangeOf(request), type: 'reject' });
    }
    await bench.finish(witness);
    await bench.until(() => liar.gone !== undefined);
    expect(liar.gone).toMatchObject({ reason: expect.stringMatching(/^B6/), blamed: true });
    expect([honest.gone, honest.peer.strikes]).toEqual([undefined, 0]);
  });

  test('drop whoever has five strikes', async () => {
    const { bench, liar } = await sharedPiece((peer) => void (peer.strikes = 4));
    expect(liar.gone).toMatchObject({ reason: expect.stringMatching(/^B6/), blamed: true });
    expect(bench.kept.size).toBe(0);
  });

  test('count as wasted', async () => {
    const { bench } = await sharedPiece();
    expect([...bench.wasted.values()].reduce((total, bytes) => total + bytes, 0)).toBe(2 * UNIT - 100);
  });

  test('are not given up with the peer that was to send them alone', async () => {
    const { bench, liar, honest } = await sharedPiece();
    const [chosen, other] = liar.received.some(({ type }) => type === 'request') ? [liar, honest] : [honest, liar];
    chosen.link.close('bye');
    expect(asked(other)).toEqual(['0+0', '0+1']);
    expect(bench.kept.size).toBe(0);
  });
});

function rangeOf({ piece, offsetBytes, lengthBytes }: BlockRange): BlockRange {
  return { piece, offsetBytes, lengthBytes };
}

/** A piece whose first half came from a liar and whose second half from an honest peer; it has just failed. */
async function sharedPiece(prepare: (peer: { strikes: number }) => void = () => undefined) {
  const bench = new DownloadBench({ pieces: 1 });
  const liar = bench.peer(1);
  prepare(liar.peer);
  const [first, second] = liar.takeRanges();
  const honest = bench.peer(2);
  if (second !== undefined) {
    liar.send({ ...rangeOf(second), type: 'reject' });
    // It has the piece all the same.
    liar.send({ type: 'have', pieces: [0] });
  }
  if (first !== undefined) bench.serve(liar, [first], true);
  bench.serve(honest);
  await bench.failed();
  return { bench, liar, honest };
}
