import { describe, expect, it } from 'vitest';
import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { engineFigures, sourceSplit } from '@/src/ui/state/engine-figures';
import { exampleSession, exampleSource } from './session-examples';

const session = exampleSession({
  sources: [
    exampleSource('native', {
      state: 'connected',
      peers: 2,
      timeline: { started: 1_000, peer: 1_120, metadata: 1_180, 'first-piece': 1_400 },
      rates: { downloadBytesPerSecond: 1_500_000, uploadBytesPerSecond: 0 },
      totals: { downloadedBytes: 6_000_000, uploadedBytes: 2_000_000, wastedBytes: 0, corruptBytes: 0 },
    }),
    exampleSource('webtorrent', {
      state: 'connected',
      peers: 1,
      timeline: { started: 5_000, peer: 5_900 },
      totals: { downloadedBytes: 1_000_000, uploadedBytes: 0, wastedBytes: 300_000, corruptBytes: 0 },
    }),
    exampleSource('web-seed', {
      state: 'connected',
      peers: 1,
      timeline: { started: 5_100, peer: 5_300, 'first-piece': 7_000 },
      totals: { downloadedBytes: 1_000_000, uploadedBytes: 0, wastedBytes: 0, corruptBytes: 0 },
    }),
  ],
});

function figure(mode: SessionSnapshot['mode'], label: string, of = session): string | undefined {
  return engineFigures(of, mode, 3)?.find((row) => row.label === label)?.value;
}

describe('what an engine did in a session', () => {
  it('counts from when it was switched on', () => {
    expect(figure('webrtc', 'First peer')).toBe('120 ms');
    expect(figure('webrtc', 'First piece')).toBe('400 ms');
  });

  it('adds web seeds to WebTorrent, and counts them apart from peers', () => {
    expect(figure('webtorrent', 'First peer')).toBe('300 ms');
    expect(figure('webtorrent', 'First piece')).toBe('2.0 s');
    expect(figure('webtorrent', 'Peers now')).toBe('1 peer, 1 web seed');
    expect(figure('webtorrent', 'Received')).toBe('2.0 MB (25%)');
    expect(figure('webtorrent', 'Thrown away')).toBe('300 kB');
  });

  it('says what has not happened yet', () => {
    expect(figure('webtorrent', 'File list')).toBe('not yet');
    expect(figure('webrtc', 'Thrown away')).toBe('nothing');
  });

  it('takes all sources together for both engines', () => {
    expect(figure('hybrid', 'First peer')).toBe('120 ms');
    expect(figure('hybrid', 'Peers now')).toBe('3 peers, 1 web seed');
    expect(figure('hybrid', 'Received')).toBe('8.0 MB (100%)');
    expect(figure('hybrid', 'Stalls while chosen')).toBe('3');
  });

  it('has the same rows for each engine', () => {
    const labels = (['webrtc', 'webtorrent', 'hybrid'] as const).map((mode) => engineFigures(session, mode, 0)?.map((row) => row.label));
    expect(labels[1]).toEqual(labels[0]);
    expect(labels[2]).toEqual(labels[0]);
  });

  it('is nothing while it has never been on', () => {
    expect(engineFigures(exampleSession(), 'webtorrent', 0)).toBeUndefined();
  });

  it('stays when it was switched off again', () => {
    const sources = [exampleSource('native', { state: 'off', timeline: { started: 1_000, peer: 1_500 } })];
    expect(figure('webrtc', 'First peer', exampleSession({ mode: 'webtorrent', sources }))).toBe('500 ms');
  });
});

describe('where bytes came from', () => {
  it('is split by source', () => {
    expect(sourceSplit(session).map(({ name, share }) => [name, share])).toEqual([
      ['native', 0.75],
      ['webtorrent', 0.125],
      ['web-seed', 0.125],
    ]);
  });

  it('leaves out who sent nothing', () => {
    expect(sourceSplit(exampleSession())).toEqual([]);
  });
});
