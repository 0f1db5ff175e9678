import { describe, expect, it } from 'vitest';
import { moveBy, removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import { checkSilentSites } from '@/src/ui/state/silent-sites';
import { checkIceServers, checkSignalingServers, checkTracker, checkTrackers } from '@/src/ui/state/settings-check';

const server = { url: 'https://signal.example.org', enabled: true };

describe('what is typed into the settings', () => {
  it('is accepted without the spaces around it', () => {
    expect(checkSignalingServers([{ url: ' https://signal.example.org ', enabled: true }])).toEqual({ ok: true, value: [server] });
  });

  it.each(['', 'signal.example.org', 'ftp://signal.example.org'])('is refused with a sentence: "%s"', (url) => {
    expect(checkSignalingServers([{ url, enabled: true }])).toMatchObject({ ok: false, sentence: expect.stringContaining('https://') });
  });

  it('is refused in a sentence of ours when it is too long, or one too many', () => {
    const long = `wss://a.example/${'a'.repeat(2000)}`;
    const tooLong = { ok: false, sentence: 'An address has at most 2000 characters' };
    expect(checkSignalingServers([{ url: long, enabled: true }])).toEqual(tooLong);
    expect(checkTrackers([{ url: long, enabled: true }])).toEqual(tooLong);
    expect(checkTracker(long, [])).toEqual(tooLong);
    expect(checkIceServers([{ urls: `stun:${long}`, enabled: true }])).toEqual(tooLong);
    expect(checkIceServers([{ urls: 'turn:a.example', username: 'u'.repeat(501), credential: 'c', enabled: true }])).toMatchObject({
      sentence: 'A user name or password has at most 500 characters',
    });
    const servers = Array.from({ length: 21 }, (_, port) => ({ url: `wss://a.example:${port + 1}`, enabled: true }));
    expect(checkTrackers(servers)).toEqual({ ok: false, sentence: 'A list has room for 20 servers' });
    expect(checkSilentSites(['a'.repeat(260)])).toMatchObject({ sentence: 'The name of a site has at most 259 characters' });
    const sites = Array.from({ length: 501 }, (_, index) => `site-${index}.example`);
    expect(checkSilentSites(sites)).toEqual({ ok: false, sentence: 'The list has room for 500 sites' });
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
