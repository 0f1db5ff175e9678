import { describe, expect, onTestFinished, test } from 'vitest';
import type { EngineCalls, EngineEvents, EngineSnapshot } from '@/src/protocol/engine-api';
import { onPortMessage } from '@/src/messaging/port-messages';
import { portRpc } from '@/src/messaging/port-rpc';
import { announcePresence, onceGone } from '@/src/messaging/presence';
import { engineGreeting, torrentAnswer } from '@/src/messaging/switchboard-messages';
import { FilmEngine, SESSION_ID } from '@/tests/support/film-engine';
import { HostedEngines, TEST_SETTINGS } from '@/tests/support/hosted-engines';

function setUp() {
  const engine = new FilmEngine();
  const life = new AbortController();
  const host = new HostedEngines(() => engine);
  onTestFinished(() => {
    life.abort();
    host.kill();
  });
  return { engine, host, life };
}

async function connect(host: HostedEngines, signal: AbortSignal, events: EngineEvents = { snapshot: () => undefined }) {
  const clientLock = await announcePresence('client', signal);
  const { port1, port2 } = new MessageChannel();
  const greeting = new Promise<string>((resolve, reject) => {
    onPortMessage(port1, engineGreeting, signal, (message) => {
      if (message.type === 'engine-hello') resolve(message.engineLock);
      else reject(new Error(message.code));
    });
  });
  host.tell({ type: 'client', clientLock, settings: TEST_SETTINGS }, [port2]);
  const engineLock = await greeting;
  return { engineLock, calls: portRpc<EngineCalls, EngineEvents>(port1, events, signal) };
}

/** The host watches the engine as a client of its own, to end it when it is idle. */
const HOST_ITSELF = 1;

describe('the engine behind ports', () => {
  test('answers calls and pushes snapshots', async () => {
    const { host, life } = setUp();
    const pushed = Promise.withResolvers<EngineSnapshot>();
    const { calls } = await connect(host, life.signal, { snapshot: pushed.resolve });
    expect(await calls.openSession({ magnet: 'magnet:?xt=urn:btih:x' })).toEqual({ sessionId: SESSION_ID, wantedFileIndex: undefined });
    await calls.watch({ kind: 'all' });
    expect(await pushed.promise).toMatchObject({ sessions: [] });
  });

  test('tells which magnet link a .torrent file is', async () => {
    const { host, life } = setUp();
    for (const [text, answer] of [
      [
        `d4:infod6:lengthi5e4:name4:film12:piece lengthi16384e6:pieces20:${'x'.repeat(20)}ee`,
        { ok: true, magnet: expect.stringContaining('dn=film') as string },
      ],
      ['no torrent', { ok: false, notice: { name: 'notTorrentFile', values: {} } }],
    ] as const) {
      const { port1, port2 } = new MessageChannel();
      const answered = Promise.withResolvers<unknown>();
      onPortMessage(port1, torrentAnswer, life.signal, answered.resolve);
      host.tell({ type: 'torrent', bytes: new TextEncoder().encode(text), settings: TEST_SETTINGS }, [port2]);
      expect(await answered.promise).toEqual(answer);
    }
  });

  test('arguments that do not fit never reach the engine', async () => {
    const { host, life } = setUp();
    const { calls } = await connect(host, life.signal);
    const junk = calls as unknown as Record<string, (argument: unknown) => Promise<unknown>>;
    await expect(junk['openSession']?.({ magnet: 7 })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(junk['openSession']?.({ magnet: 'm'.repeat(70_000) })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(junk['watch']?.({ kind: 'session', sessionId: 'short' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(junk['selectFile']?.({ sessionId: SESSION_ID, fileIndex: -1 })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(junk['removeSession']?.({ sessionId: SESSION_ID })).rejects.toMatchObject({ code: 'bad-request' });
    const share = { magnet: 'magnet:?', infoBytes: new Uint8Array(1), files: [new File(['x'], 'x')] };
    await expect(junk['shareFiles']?.(share)).resolves.toMatchObject({ sessionId: SESSION_ID });
    await expect(junk['shareFiles']?.({ ...share, hashes: [1] })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(junk['shareFiles']?.({ ...share, files: [] })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(junk['setMode']?.({ sessionId: SESSION_ID, mode: 'both' })).rejects.toMatchObject({ code: 'bad-request' });
    for (const url of ['udp://tracker.example.org:80', 'tracker.example.org', `wss://${'t'.repeat(2000)}.org`, 7]) {
      await expect(junk['addTracker']?.({ sessionId: SESSION_ID, url })).rejects.toMatchObject({ code: 'bad-request' });
    }
    await expect(junk['allowWebSeed']?.({ sessionId: SESSION_ID, url: 'file:///etc/passwd' })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  test('a page that dies is disconnected without a word', async () => {
    const { engine, host } = setUp();
    const page = new AbortController();
    await connect(host, page.signal);
    expect(engine.clients).toBe(HOST_ITSELF + 1);
    page.abort();
    await engine.until(() => engine.clients === HOST_ITSELF);
    expect(engine.clients).toBe(HOST_ITSELF);
  });

  test('pages learn of the end of the engine', async () => {
    const { host, life } = setUp();
    const { engineLock } = await connect(host, life.signal);
    const gone = new Promise<string>((resolve) => onceGone(engineLock, life.signal, () => resolve('gone')));
    host.kill();
    expect(await gone).toBe('gone');
  });

  test('changed settings reach the engine', async () => {
    const { engine, host, life } = setUp();
    await connect(host, life.signal);
    host.tell({ type: 'settings', settings: { ...TEST_SETTINGS, allowLocalPeers: true } });
    await engine.until(() => engine.settings.some((settings) => settings.allowLocalPeers));
    expect(engine.settings.at(-1)).toEqual({ ...TEST_SETTINGS, allowLocalPeers: true });
  });

  test('a film may be expected and opened before any page is there, and streams that wait for it are served', async () => {
    const { engine, host } = setUp();
    host.tell({ type: 'warm', settings: TEST_SETTINGS });
    host.tell({ type: 'film', magnet: 'magnet:?xt=urn:btih:x', settings: TEST_SETTINGS });
    await engine.until(() => engine.openedAhead.length > 0);
    expect(engine.warmed).toBe(1);
    expect(engine.openedAhead).toEqual(['magnet:?xt=urn:btih:x']);
  });

  test('messages that do not fit are dropped', async () => {
    const { engine, host, life } = setUp();
    for (const junk of [
      null,
      'hello',
      {},
      { type: 'client' },
      { type: 'settings', settings: { consented: 'yes' } },
      { type: 'film', magnet: 'm'.repeat(70_000), settings: TEST_SETTINGS },
    ])
      host.tell(junk);
    await connect(host, life.signal);
    expect(engine.settings).toEqual([]);
    expect(engine.clients).toBe(HOST_ITSELF + 1);
  });
});
