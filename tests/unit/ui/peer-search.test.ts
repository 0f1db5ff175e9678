import { describe, expect, it } from 'vitest';
import { askedWords, peerSearch, searchTitle, trackerFact, webSeedFact, webSeedHost } from '@/src/ui/state/peer-search';
import { exampleSession, exampleTracker, exampleWebSeed } from './session-examples';
import { notice } from '@/src/protocol/notice';

describe('whom a session asks', () => {
  const session = exampleSession({ trackers: [exampleTracker()], webSeeds: [exampleWebSeed()], unusableTrackers: 4 });

  it('is everybody with both engines', () => {
    expect(peerSearch(session)).toMatchObject({ signaling: [{}], trackers: [{}], webSeeds: [{}], unusableTrackers: 4 });
  });

  it('is only what the engine chosen uses', () => {
    expect(peerSearch({ ...session, mode: 'webrtc' })).toMatchObject({ signaling: [{}], trackers: [], webSeeds: [], unusableTrackers: 0 });
    expect(peerSearch({ ...session, mode: 'webtorrent' })).toMatchObject({ signaling: [], trackers: [{}], webSeeds: [{}] });
  });

  it('counts seeders once, though several trackers know them', () => {
    const trackers = [exampleTracker({ seeders: 12 }), exampleTracker({ seeders: 9 }), exampleTracker({ seeders: undefined })];
    expect(peerSearch({ ...session, trackers }).knownSeeders).toBe(12);
  });

  it('has hope while a web seed may still give the film', () => {
    const lost = { ...session, signaling: [], trackers: [exampleTracker({ state: 'unreachable' })] };
    expect(peerSearch(lost).stage).toBe('connecting');
    expect(peerSearch({ ...lost, webSeeds: [exampleWebSeed({ state: 'blocked' })] }).stage).toBe('unreachable');
  });
});

describe('what was found out', () => {
  it('is summed up by kind', () => {
    const search = peerSearch(exampleSession({ trackers: [exampleTracker(), exampleTracker()], webSeeds: [exampleWebSeed()] }));
    expect(askedWords(search)).toBe('1 signaling server, 2 trackers, and 1 web seed');
    expect(askedWords({ ...search, trackers: [], webSeeds: [] })).toBe('1 signaling server');
  });

  it('tells "nobody" from "nobody a browser can reach"', () => {
    const nobody = peerSearch(exampleSession({ trackers: [exampleTracker()] }));
    const tcpOnly = peerSearch(exampleSession({ trackers: [exampleTracker({ seeders: 12 })] }));
    expect(searchTitle(nobody)).toBe('Nobody who has this film is here yet');
    expect(searchTitle(tcpOnly)).toBe('Others have this film, but none of them can be reached');
    const down = peerSearch(exampleSession({ signaling: [], trackers: [exampleTracker({ state: 'unreachable', seeders: 12 })] }));
    expect(searchTitle(down)).toBe('None of the servers asked can be reached');
  });

  it('does not count the viewer among those a tracker knows', () => {
    expect(trackerFact(exampleTracker({ seeders: 0, leechers: 1 }))).toBe('Knows nobody else.');
    expect(trackerFact(exampleTracker({ seeders: 12, leechers: 4 }))).toContain('12 seeders and 3 other viewers');
  });

  it('gives a tracker’s own reason', () => {
    expect(trackerFact(exampleTracker({ state: 'refused', reason: notice('trackerSays', { reason: 'members only' }) }))).toBe(
      'Refused: The tracker says: members only',
    );
    expect(trackerFact(exampleTracker({ state: 'unreachable', reason: undefined }))).toBe('Cannot be reached.');
  });

  it('says of a blocked web seed that the viewer can change it', () => {
    expect(webSeedFact(exampleWebSeed({ state: 'blocked' }))).toContain('unless you allow it');
  });
});

describe('the host of a web seed', () => {
  it('is asked for without port, path and secrets', () => {
    expect(webSeedHost('https://me:secret@films.example.org:8443/a/film.mp4?key=1')).toEqual({
      host: 'films.example.org',
      originPattern: 'https://films.example.org/*',
    });
  });

  it.each(['ftp://films.example.org/film.mp4', 'film.mp4', ''])('is none for "%s"', (url) => {
    expect(webSeedHost(url)).toBeUndefined();
  });
});
