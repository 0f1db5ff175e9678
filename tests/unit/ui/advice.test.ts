import { describe, expect, it } from 'vitest';
import type { SignalingSnapshot } from '@/src/protocol/engine-api';
import { chooseAdvice, NO_PEER_ADVICE_MS, NO_RELAY_ADVICE_MS, type AdviceFacts } from '@/src/ui/state/advice';
import { exampleFile, examplePeer, exampleSession, exampleTracker, exampleWebSeed } from './session-examples';
import { notice } from '@/src/protocol/notice';

const unreachable: SignalingSnapshot = {
  url: 'http://127.0.0.1:8787',
  state: 'unreachable',
  reason: notice('unreachable', { host: '127.0.0.1:8787' }),
};
const connecting: SignalingSnapshot = { url: 'http://127.0.0.1:8787', state: 'connecting', reason: undefined };

function advise(change: Partial<AdviceFacts>) {
  return chooseAdvice({ view: { kind: 'joining' }, session: exampleSession(), withoutPeerMs: 0, previous: { kind: 'none' }, ...change });
}

describe('advice', () => {
  it('is not given while there is hope', () => {
    expect(advise({ withoutPeerMs: NO_PEER_ADVICE_MS - 1 })).toEqual({ kind: 'none' });
    expect(advise({ session: exampleSession({ signaling: [connecting] }) })).toEqual({ kind: 'none' });
  });

  it('names the servers asked when nobody came', () => {
    expect(advise({ withoutPeerMs: NO_PEER_ADVICE_MS })).toMatchObject({
      kind: 'no-peer',
      search: { signaling: [{ url: 'http://127.0.0.1:8787' }], stage: 'asking' },
    });
  });

  it('says soon that relay-only lacks a TURN server, whoever could be asked, and not before a server could have issued one', () => {
    for (const signaling of [[], [connecting], exampleSession().signaling]) {
      const session = exampleSession({ signaling, lacksRelay: true });
      expect(advise({ session, withoutPeerMs: NO_RELAY_ADVICE_MS })).toMatchObject({ kind: 'no-peer', search: { lacksRelay: true } });
      expect(advise({ session, withoutPeerMs: NO_RELAY_ADVICE_MS - 1 })).toEqual({ kind: 'none' });
    }
  });

  it('ends when a peer is there', () => {
    const session = exampleSession({ peers: [examplePeer()] });
    expect(advise({ session, withoutPeerMs: NO_PEER_ADVICE_MS })).toEqual({ kind: 'none' });
  });

  it('does not take a peer that is still connecting for one', () => {
    const session = exampleSession({ peers: [examplePeer({ state: 'connecting' })] });
    expect(advise({ session, withoutPeerMs: NO_PEER_ADVICE_MS }).kind).toBe('no-peer');
  });

  it('says at once that no signaling server is set', () => {
    expect(advise({ session: exampleSession({ signaling: [] }) })).toEqual({ kind: 'no-server', mode: 'hybrid' });
  });

  it('waits for what the viewer says to a server that the link names', () => {
    const named = { url: 'https://signal.example', host: 'signal.example', isPrivate: false } as const;
    const nobody = exampleSession({ signaling: [], publisherServers: [{ ...named, answer: 'none' }] });
    expect(advise({ session: nobody })).toEqual({ kind: 'none' });
    expect(advise({ session: { ...nobody, mode: 'webtorrent' } }).kind).toBe('no-server');
    expect(advise({ session: { ...nobody, publisherServers: [{ ...named, answer: 'refused' }] } }).kind).toBe('no-server');
  });

  it('does not miss a signaling server that the engine does not use', () => {
    const session = exampleSession({ mode: 'webtorrent', signaling: [], trackers: [exampleTracker()] });
    expect(advise({ session })).toEqual({ kind: 'none' });
    expect(advise({ session: { ...session, trackers: [] } })).toEqual({ kind: 'no-server', mode: 'webtorrent' });
  });

  it('does not count on trackers while WebRTC alone is chosen', () => {
    const session = exampleSession({ mode: 'webrtc', signaling: [unreachable], trackers: [exampleTracker()] });
    expect(advise({ session }).kind).toBe('signaling-unreachable');
  });

  it('waits for trackers when only signaling is unreachable', () => {
    const session = exampleSession({ signaling: [unreachable], trackers: [exampleTracker()] });
    expect(advise({ session })).toEqual({ kind: 'none' });
    expect(advise({ session, withoutPeerMs: NO_PEER_ADVICE_MS }).kind).toBe('no-peer');
  });

  it('says at once that neither signaling nor trackers can be reached, and goes on saying so', () => {
    const refused = exampleTracker({ state: 'refused', reason: notice('trackerSays', { reason: 'members only' }) });
    const session = exampleSession({ signaling: [unreachable], trackers: [refused] });
    const previous = advise({ session });
    expect(previous).toMatchObject({ kind: 'no-peer', search: { stage: 'unreachable' } });
    const again = { ...session, trackers: [exampleTracker({ state: 'connecting' })] };
    expect(advise({ session: again })).toEqual({ kind: 'none' });
    expect(advise({ session: again, previous }).kind).toBe('no-peer');
  });

  it('needs no peer while a web server sends the film', () => {
    const session = exampleSession({ webSeeds: [exampleWebSeed({ state: 'active' })] });
    expect(advise({ session, withoutPeerMs: NO_PEER_ADVICE_MS })).toEqual({ kind: 'none' });
  });

  it('says at once that every signaling server is unreachable', () => {
    expect(advise({ session: exampleSession({ signaling: [unreachable] }) })).toEqual({
      kind: 'signaling-unreachable',
      servers: [unreachable],
    });
  });

  it('waits for a server that may still answer', () => {
    expect(advise({ session: exampleSession({ signaling: [unreachable, connecting] }) })).toEqual({ kind: 'none' });
  });

  it('keeps saying so while an unreachable server is tried again', () => {
    const previous = advise({ session: exampleSession({ signaling: [unreachable] }) });
    expect(advise({ session: exampleSession({ signaling: [connecting] }), previous }).kind).toBe('signaling-unreachable');
    expect(advise({ previous })).toEqual({ kind: 'none' });
  });

  it('says so too when a server never answers', () => {
    expect(advise({ session: exampleSession({ signaling: [connecting] }), withoutPeerMs: NO_PEER_ADVICE_MS }).kind).toBe(
      'signaling-unreachable',
    );
  });

  it('is silent while the film plays and when all of it is here', () => {
    const lonely = { withoutPeerMs: NO_PEER_ADVICE_MS };
    expect(advise({ ...lonely, view: { kind: 'playing', fileIndex: 0 } })).toEqual({ kind: 'none' });
    const session = exampleSession({ state: { kind: 'active' }, files: [exampleFile({ verifiedBytes: 1000 })] });
    expect(advise({ ...lonely, session, view: { kind: 'buffering', fileIndex: 0 } })).toEqual({ kind: 'none' });
  });

  it('comes back when a film stalls without peers', () => {
    const session = exampleSession({ state: { kind: 'active' }, files: [exampleFile()] });
    expect(advise({ session, withoutPeerMs: NO_PEER_ADVICE_MS, view: { kind: 'stalled', fileIndex: 0 } }).kind).toBe('no-peer');
  });

  it('tells a full disk, a pause and a failure apart', () => {
    expect(advise({ session: exampleSession({ state: { kind: 'paused', reason: 'disk-full' } }) }).kind).toBe('disk-full');
    expect(advise({ session: exampleSession({ state: { kind: 'paused', reason: 'user' } }) }).kind).toBe('paused-by-user');
    const failed = { kind: 'failed', code: 'store-failed', advice: notice('storeFailed') } as const;
    expect(advise({ session: exampleSession({ state: failed }) })).toEqual(failed);
  });
});
