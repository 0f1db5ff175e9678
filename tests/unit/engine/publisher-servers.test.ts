import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { publisherServers, signalingUrls } from '@/src/engine/publisher-servers';
import { magnetLink } from '@/src/protocol/magnet';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { LocalSwarm, startServer } from '@/tests/support/local-swarm';

const LINK = { signalingServers: ['wss://signal.example/ws', 'https://other.example:8443', 'http://127.0.0.1:9000'] };
const OWN = ['https://own.example'];

describe('servers that a link names', () => {
  test('are told of, with what the viewer said to their hosts, and used only where allowed', () => {
    const settings = { signalingUrls: OWN, publisherHosts: { 'signal.example': true, 'other.example:8443': false } };
    expect(publisherServers(LINK, settings)).toEqual([
      { url: 'wss://signal.example/ws', host: 'signal.example', isPrivate: false, answer: 'allowed' },
      { url: 'https://other.example:8443', host: 'other.example:8443', isPrivate: false, answer: 'refused' },
      { url: 'http://127.0.0.1:9000', host: '127.0.0.1:9000', isPrivate: true, answer: 'none' },
    ]);
    expect(signalingUrls(LINK, settings)).toEqual([...OWN, 'wss://signal.example/ws']);
  });

  test('are nobody’s before the viewer has said anything', () => {
    expect(signalingUrls(LINK, { signalingUrls: OWN })).toEqual(OWN);
    expect(publisherServers(LINK, { signalingUrls: [] }).map(({ answer }) => answer)).toEqual(['none', 'none', 'none']);
  });

  test('that are on the viewer’s own list need no answer', () => {
    const settings = { signalingUrls: ['https://signal.example'] };
    expect(publisherServers(LINK, settings).map(({ host }) => host)).toEqual(['other.example:8443', '127.0.0.1:9000']);
  });

  test('that no name is as long as are nobody’s to ask about', () => {
    const link = { signalingServers: [259, 260].map((chars) => `https://${'a'.repeat(chars)}`) };
    expect(publisherServers(link, { signalingUrls: [] }).map(({ host }) => host.length)).toEqual([259]);
  });

  test.each(['toString', '__proto__', 'constructor'])('are not allowed by being called %s', (host) => {
    expect(publisherServers({ signalingServers: [`https://${host}`] }, { signalingUrls: [], publisherHosts: {} })[0]?.answer).toBe('none');
  });
});

describe('a film whose link names a server', () => {
  let swarm: LocalSwarm | undefined;

  afterEach(async () => {
    await swarm?.close();
    swarm = undefined;
  });

  /** Everybody else is at the publisher's server; the viewer's own list is empty. */
  async function openViewer() {
    swarm = await LocalSwarm.start();
    await swarm.seed();
    const { url } = swarm.server;
    const { host } = new URL(url);
    const magnet = magnetLink({ ...swarm.info, signalingServers: [url] });
    const settings = {
      consented: true,
      signalingUrls: [],
      iceServers: [],
      defaultMode: 'webrtc',
      trackers: [],
      allowLocalPeers: false,
    } as const;
    const viewer = await swarm.join(createMemoryChunkStore(), {}, settings, magnet);
    const answer = (publisherHosts: Record<string, boolean>): void => viewer.engine.applySettings({ ...settings, publisherHosts });
    return { viewer, host, film: swarm.film, answer };
  }

  test('G13: plays once the viewer allows it, and is left when the viewer does so no more', async () => {
    const { viewer, host, film, answer } = await openViewer();
    const asked = await viewer.until(({ publisherServers: servers }) => servers.length > 0);
    expect(asked.publisherServers).toMatchObject([{ host, answer: 'none', isPrivate: true }]);
    expect(asked.signaling).toEqual([]);
    answer({ [host]: true });
    expect(await viewer.read(0, film.length)).toEqual(film);
    const playing = await viewer.until(({ signaling }) => signaling.some(({ state }) => state === 'connected'));
    expect(playing.publisherServers).toMatchObject([{ answer: 'allowed' }]);
    answer({ [host]: false });
    expect((await viewer.until(({ signaling }) => signaling.length === 0)).publisherServers).toMatchObject([{ answer: 'refused' }]);
  });

  test('has others meet there only for that film', async () => {
    const { viewer, host, answer } = await openViewer();
    const other = await startServer(0);
    onTestFinished(() => other.close());
    answer({ [host]: true, [new URL(other.url).host]: true });
    const { signaling } = await viewer.until(({ signaling: servers }) => servers.some(({ state }) => state === 'connected'));
    expect(signaling.map(({ url }) => new URL(url).host)).toEqual([host]);
  });
});
