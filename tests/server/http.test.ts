import { describe, expect, test } from 'vitest';
import { readConfig } from '@/signaling-server/src/config';
import { createSignalingServer } from '@/signaling-server/src/create-server';
import { join, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';

describe('/metrics', () => {
  test('counts what happens, and names nobody', async () => {
    const { url } = await startServer();
    const peer = await join(url);
    await expect(peer.client.announce({ swarmId: SWARM, peerId: peer.peerId, resumeToken: 'x', want: 0 })).rejects.toThrow();
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    for (const line of [
      'lodestream_connections{transport="socket.io"} 1',
      'lodestream_connections{transport="ws"} 0',
      'lodestream_members 1',
      'lodestream_swarms 1',
      'lodestream_messages_total{event="announce"} 1',
      'lodestream_refusals_total{code="bad-message"} 1',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
    expect(text).not.toContain(SWARM);
    expect(text).not.toContain('127.0.0.1');
  });

  test('are for whoever has the token, where there is one', async () => {
    const { url } = await startServer({ METRICS_TOKEN: 'sixteen characters or more' });
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect((await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
    expect((await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer sixteen characters or more' } })).status).toBe(200);
  });

  test('without a token are for this machine alone, and nobody who comes through a proxy is that', async () => {
    const { url } = await startServer();
    expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '198.51.100.7' } })).status).toBe(401);
  });
});

describe('/ready', () => {
  test('says that clients are taken in', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/ready`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('says so while the server goes down, and nobody is let in', async () => {
    const server = await createSignalingServer(readConfig({ PORT: '0', LOG_LEVEL: 'silent', DRAIN_SECONDS: '300' }));
    void server.drain();
    const response = await fetch(`${server.url}/ready`);
    expect([response.status, await response.json()]).toEqual([503, { status: 'going down' }]);
    const peer = new TestPeer(server.url);
    peer.client.connect();
    await peer.statuses.take(({ kind }) => kind === 'unreachable');
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('lodestream_connections_refused_total{status="503"} ');
    await server.close();
    await expect(fetch(`${server.url}/ready`)).rejects.toThrow();
  });
});

describe('the page for people', () => {
  test('names the addresses to paste, as the browser asked for them or as the host says', async () => {
    const own = await startServer();
    const page = await (await fetch(own.url)).text();
    for (const address of [own.url, `${own.url.replace('http', 'ws')}/ws`, `${own.url.replace('http', 'ws')}/announce`]) {
      expect(page).toContain(`<code>${address}</code>`);
    }
    const named = await startServer({ PUBLIC_URL: 'https://signal.example.org/' });
    expect(await (await fetch(named.url)).text()).toContain('<code>wss://signal.example.org/announce</code>');
  });

  test('runs nothing and loads nothing, and says nothing that a request put in', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/?<script>`, { headers: { 'x-forwarded-proto': '"><script>' } });
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/<script|src=|href=/);
  });

  test('says when a token is needed', async () => {
    const { url } = await startServer({ ACCESS_TOKENS: 'a shared secret that is long' });
    expect(await (await fetch(url)).text()).toContain('This server is private');
  });
});
