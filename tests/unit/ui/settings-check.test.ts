import { describe, expect, it } from 'vitest';
import { moveBy, removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import { checkIceServers, checkSignalingServers, checkTracker, checkTrackers } from '@/src/ui/state/settings-check';

const server = { url: 'https://signal.example.org', enabled: true };

describe('what is typed into the settings', () => {
  it('is accepted without the spaces around it', () => {
    expect(checkSignalingServers([{ url: ' https://signal.example.org ', enabled: true }])).toEqual({ ok: true, value: [server] });
  });

  it.each(['', 'signal.example.org', 'ftp://signal.example.org'])('is refused with a sentence: "%s"', (url) => {
    expect(checkSignalingServers([{ url, enabled: true }])).toMatchObject({ ok: false, sentence: expect.stringContaining('https://') });
  });

  it('is refused when it is there already', () => {
    expect(checkSignalingServers([server, { url: 'https://signal.example.org/', enabled: false }])).toMatchObject({ ok: false });
  });

  it('is refused for a TURN server without user name and password', () => {
    const turn = { urls: 'turn:turn.example.org:3478', enabled: true };
    expect(checkIceServers([turn])).toEqual({ ok: false, sentence: 'A TURN server needs a user name and a password' });
    expect(checkIceServers([{ ...turn, username: 'viewer', credential: 'secret' }])).toMatchObject({ ok: true });
    // Both are entered one after the other.
    expect(checkIceServers([{ ...turn, enabled: false, username: 'viewer' }])).toMatchObject({ ok: true });
  });

  it.each(['udp://tracker.example.org:80', 'https://tracker.example.org'])('is refused for a tracker no browser can ask: %s', (url) => {
    expect(checkTrackers([{ url, enabled: true }])).toMatchObject({ ok: false, sentence: expect.stringContaining('wss://') });
  });

  it('is refused for a tracker that is asked already', () => {
    const known = ['wss://tracker.example.org'];
    expect(checkTracker('wss://Tracker.example.org/', known)).toMatchObject({ ok: false, sentence: expect.stringContaining('already') });
    expect(checkTracker(' ws://192.168.1.20:8000 ', known)).toEqual({ ok: true, value: 'ws://192.168.1.20:8000' });
  });

  it.each(['stun:', 'stun:example.org:99999', 'stun:example.org:0', 'stun:example.org?transport=udp', 'stun:a:b', 'stun://example.org'])(
    'is refused when the browser would refuse every connection for it: "%s"',
    (urls) => {
      expect(checkIceServers([{ urls, enabled: true }])).toMatchObject({ ok: false, sentence: expect.stringContaining('stun:host:port') });
    },
  );

  it.each(['stun:example.org', 'stuns:example.org:5349', 'stun:[2001:db8::1]:3478'])('is accepted: "%s"', (urls) => {
    expect(checkIceServers([{ urls, enabled: true }])).toMatchObject({ ok: true });
  });

  it('is accepted for a STUN server without them', () => {
    expect(checkIceServers([{ urls: 'stun:stun.example.org:3478', enabled: true }])).toMatchObject({ ok: true });
  });
});

describe('the order of servers', () => {
  it('moves an entry within the list only', () => {
    expect(moveBy(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moveBy(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moveBy(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
    expect(moveBy(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });

  it('replaces and removes one entry', () => {
    expect(replaceAt(['a', 'b'], 1, 'c')).toEqual(['a', 'c']);
    expect(removeAt(['a', 'b'], 0)).toEqual(['b']);
  });
});
