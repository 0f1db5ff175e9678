import { describe, expect, it } from 'vitest';
import { chosenBytes } from '@/src/ui/state/session-facts';
import { sessionWords } from '@/src/ui/state/session-words';
import { exampleFile, exampleSession, exampleTracker } from './session-examples';

describe('a session in words', () => {
  it('counts only the files somebody wants', () => {
    const files = [exampleFile({ selected: true, verifiedBytes: 250 }), exampleFile({ index: 1, lengthBytes: 9_000 })];
    const session = exampleSession({ state: { kind: 'active' }, files });
    expect(chosenBytes(session)).toEqual({ verifiedBytes: 250, lengthBytes: 1000 });
    expect(sessionWords(session)).toBe('Downloading, 25%');
  });

  it('counts every file while none was chosen', () => {
    const files = [exampleFile({ verifiedBytes: 250 }), exampleFile({ index: 1, lengthBytes: 9_000 })];
    expect(chosenBytes(exampleSession({ files }))).toEqual({ verifiedBytes: 250, lengthBytes: 10_000 });
  });

  it('says why it is paused', () => {
    expect(sessionWords(exampleSession({ state: { kind: 'paused', reason: 'disk-full' } }))).toBe('Paused: the disk is full');
    expect(sessionWords(exampleSession({ state: { kind: 'paused', reason: 'user' } }))).toBe('Paused');
  });

  it('tells the search for a server from the search for peers', () => {
    expect(sessionWords(exampleSession())).toBe('Searching for peers');
    const connecting = exampleSession({ signaling: [{ url: 'http://127.0.0.1:8787', state: 'connecting', reason: undefined }] });
    expect(sessionWords(connecting)).toBe('Connecting to the signaling server');
  });

  it('names what its engine asks', () => {
    const trackers = [exampleTracker({ state: 'connecting' })];
    expect(sessionWords(exampleSession({ mode: 'webtorrent', trackers }))).toBe('Connecting to the trackers');
    expect(sessionWords(exampleSession({ signaling: [], trackers: [exampleTracker({ state: 'unreachable' })] }))).toBe(
      'No tracker answers',
    );
    expect(sessionWords(exampleSession({ mode: 'webtorrent' }))).toBe('No server to ask');
    expect(sessionWords(exampleSession({ mode: 'webrtc', signaling: [] }))).toBe('No signaling server');
  });
});
