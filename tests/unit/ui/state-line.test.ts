import { describe, expect, it } from 'vitest';
import { stateLine, type StateLineFacts } from '@/src/ui/state/state-line';
import { exampleFile, examplePeer, exampleSession, exampleTracker, exampleWebSeed } from './session-examples';

function line(change: Partial<StateLineFacts>): string {
  const { headline, details } = stateLine({
    view: { kind: 'joining' },
    session: exampleSession(),
    engineLost: false,
    engineRefusal: undefined,
    withoutPeerMs: 3_200,
    ...change,
  });
  return [headline, ...details].join(' | ');
}

const transfer = exampleSession({
  state: { kind: 'active' },
  files: [exampleFile({ verifiedBytes: 390 })],
  peers: [examplePeer(), examplePeer({ state: 'connecting' })],
  rates: { downloadBytesPerSecond: 1_830_000, uploadBytesPerSecond: 0 },
});

describe('the state line', () => {
  it('counts the search for peers', () => {
    expect(line({})).toBe('Searching for peers… | 3 s | 1 server connected');
  });

  it('says why the engine does not start', () => {
    expect(line({ session: undefined, engineRefusal: 'No memory is left.' })).toBe('The engine does not start | No memory is left.');
  });

  it('blames the link only where it is at fault', () => {
    const rejected = { kind: 'rejected', sentence: 'No room.' } as const;
    expect(line({ view: { ...rejected, retryHelps: true } })).toBe('The film could not be opened');
    expect(line({ view: { ...rejected, retryHelps: false } })).toBe('This link cannot be played');
  });

  it('says when it is still on its way to the server', () => {
    const session = exampleSession({ signaling: [{ url: 'http://127.0.0.1:8787', state: 'connecting', reason: undefined }] });
    expect(line({ session })).toBe('Connecting to the signaling server… | 3 s');
  });

  it('gives peers, rate and verified share while playing', () => {
    expect(line({ session: transfer, view: { kind: 'playing', fileIndex: 0 } })).toBe('Playing | 1 peer | ↓ 1.8 MB/s | 39% verified');
  });

  it('gives the same figures while stalled, and what is missing', () => {
    const session = { ...transfer, waitingBytes: 262_144 };
    expect(line({ session, view: { kind: 'stalled', fileIndex: 0 } })).toBe(
      'Waiting for the next pieces… | 1 peer | ↓ 1.8 MB/s | 39% verified | 262 kB missing to go on',
    );
  });

  it('names web servers that send besides the peers', () => {
    const session = { ...transfer, webSeeds: [exampleWebSeed({ state: 'active' }), exampleWebSeed({ state: 'failed' })] };
    expect(line({ session, view: { kind: 'playing', fileIndex: 0 } })).toContain('1 peer, 1 web seed');
  });

  it('names what its engine asks while it searches', () => {
    const trackers = [exampleTracker(), exampleTracker({ state: 'connecting' })];
    expect(line({ session: exampleSession({ mode: 'webtorrent', trackers }) })).toBe('Searching for peers… | 3 s | 1 server connected');
    expect(line({ session: exampleSession({ mode: 'webrtc', signaling: [], trackers }) })).toBe('No signaling server');
  });

  it('gives what is shared once the file is complete', () => {
    const session = exampleSession({ state: { kind: 'complete' }, files: [exampleFile({ verifiedBytes: 1000 })] });
    expect(line({ session, view: { kind: 'playing', fileIndex: 0 } })).toBe('Playing | 0 peers | ↑ 0 kB/s | complete, all of it verified');
  });

  it('says why nothing moves when autoplay was refused', () => {
    expect(line({ session: transfer, view: { kind: 'paused', fileIndex: 0, autoplayRefused: true } })).toContain('press play');
  });

  it('says that the engine is restarted, whatever else goes on', () => {
    expect(line({ engineLost: true, view: { kind: 'playing', fileIndex: 0 } })).toBe('Restarting the engine…');
  });
});
