import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { announceAckSchema, relayAckSchema } from '@/src/protocol/signaling-events';
import { RawClient, enterRaw } from './raw-client';
import { expectRefusal, join, newOfferId, newPeerId, SWARM, TestPeer } from './test-peer';
import { startServer } from './test-server';

const EVENTS = ['announce', 'offer', 'answer', 'ice-candidate', 'leave', 'error', 'peer-left', ''];
const UNLIMITED = { POINTS_PER_CONNECTION: '1000000', POINTS_PER_ADDRESS: '10000000' };
const ANNOUNCE = { swarmId: SWARM, peerId: newPeerId(), resumeToken: '0'.repeat(64), want: 1, offers: [], skip: [] };
const DIRECTED = { to: newPeerId(), swarmId: SWARM, offerId: newOfferId(), sealed: 'x' };

const PLACEHOLDER = '["announce",{"_placeholder":true,"num":0}]';
const BROKEN_EVENTS = ['42', '42{}', '42[', '42[1]', '42["disconnect"]', '42["connect_error"]', '42/other,["leave",{}]'];
const FOREIGN_PACKETS = ['40', '40/other,', '43["ack"]', '430[]', '44{"message":"x"}', `451-${PLACEHOLDER}`, `4599999-${PLACEHOLDER}`];
const NO_PACKETS = ['', '4', '4x', '9', Buffer.from([1, 2, 3]), ...BROKEN_EVENTS, ...FOREIGN_PACKETS];

/** A right message with one field replaced, or one too many. */
function spoilt(message: object): fc.Arbitrary<unknown> {
  const key = fc.constantFrom(...Object.keys(message), 'extra', '__proto__');
  const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.array(fc.jsonValue()));
  return fc.tuple(key, value).map(([name, wrong]): unknown => JSON.parse(JSON.stringify({ ...message, [name]: wrong })));
}

describe('malformed messages', () => {
  test('any JSON as any event is answered with bad-message, and the server lives on', async () => {
    const { url } = await startServer(UNLIMITED);
    const client = await enterRaw(url);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...EVENTS), fc.option(fc.jsonValue(), { nil: undefined }), async (event, payload) => {
        expect(await client.request(event, payload)).toMatchObject({ error: { code: 'bad-message' } });
      }),
      { numRuns: 500 },
    );
    await join(url);
  });

  test('a right message with one field replaced or added gets an answer of the documented form', async () => {
    const { url } = await startServer(UNLIMITED);
    const client = await enterRaw(url);
    const cases = fc.oneof(
      fc.tuple(fc.constant('announce'), spoilt(ANNOUNCE)),
      fc.tuple(fc.constantFrom('offer', 'answer', 'ice-candidate'), spoilt(DIRECTED)),
      fc.tuple(fc.constant('leave'), spoilt({ swarmId: SWARM })),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([event, payload]) => {
        const schema = event === 'announce' ? announceAckSchema : relayAckSchema;
        expect(v.is(schema, await client.request(event, payload))).toBe(true);
      }),
      { numRuns: 500 },
    );
    await join(url);
  });

  test('an event nobody wants acknowledged is handled all the same', async () => {
    const server = await startServer();
    const client = await enterRaw(server.url);
    client.socket.send('42["announce",null]');
    client.socket.send(`42${JSON.stringify(['announce', ANNOUNCE])}`);
    expect(await client.request('leave', { swarmId: SWARM })).toEqual({ ok: true });
  });

  test('frames that are no packets, or packets a client has no business with, end that connection alone', async () => {
    const server = await startServer();
    const bystander = await join(server.url);
    for (const frame of NO_PACKETS) {
      const client = await enterRaw(server.url);
      client.socket.send(frame);
      await client.closed;
    }
    await bystander.announce();
    expect(server.counts()).toEqual({ connections: 1, swarms: 1, members: 1 });
  });

  test('random bytes and texts before and after entering do not stop the server', async () => {
    const { url } = await startServer({ CONNECTS_PER_ADDRESS_PER_MINUTE: '1000' });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.oneof(fc.string(), fc.uint8Array()), async (enters, frame) => {
        const client = new RawClient(url);
        if (enters) await client.enter();
        else await client.frames.take();
        client.socket.send(frame);
        client.socket.close();
        await client.closed;
      }),
      { numRuns: 100 },
    );
    await join(url);
  });
});

describe('too much', () => {
  test('a frame over the limit ends only the connection it came on', async () => {
    const server = await startServer();
    const bystander = await join(server.url);
    const client = await enterRaw(server.url);
    client.socket.send(`42["offer","${'x'.repeat(200_000)}"]`);
    await client.closed;
    await bystander.announce();
    expect(server.counts()).toMatchObject({ connections: 1 });
  });

  test('messages over the budget are answered with rate-limited, going on ends the connection, and others notice nothing', async () => {
    const { url } = await startServer({ POINTS_PER_CONNECTION: '20', RATE_WINDOW_SECONDS: '3600' });
    const other = await join(url);
    const client = await enterRaw(url);
    for (let message = 0; message < 20; message++) {
      expect(await client.request('leave', { swarmId: SWARM })).toMatchObject({ error: { code: 'not-announced' } });
    }
    for (let message = 20; message < 61; message++) {
      expect(await client.request('leave', { swarmId: SWARM })).toMatchObject({ error: { code: 'rate-limited' } });
    }
    await client.closed;
    await other.announce();
  });

  test('the extension client learns that it is rate-limited', async () => {
    const { url } = await startServer({ POINTS_PER_CONNECTION: '20', RATE_WINDOW_SECONDS: '3600' });
    const peer = await new TestPeer(url).connect();
    for (let message = 0; message < 20; message++) await peer.announce();
    await expectRefusal(peer.announce(), 'rate-limited');
  });

  test('one address gets no more connections than it may, and one behind a trusted proxy is another address', async () => {
    const server = await startServer({ MAX_CONNECTIONS_PER_ADDRESS: '1', TRUSTED_PROXIES: '1' });
    const entering = (forwarded: string) => new RawClient(server.url, { 'x-forwarded-for': forwarded }).enter();
    expect(await entering('198.51.100.7')).toMatch(/^40/);
    expect(await entering('198.51.100.7')).toMatch(/^44.*"rate-limited"/);
    expect(await entering('198.51.100.7, 198.51.100.8')).toMatch(/^40/);
    expect(await entering('2001:db8::1')).toMatch(/^40/);
    expect(await entering('2001:db8::2')).toMatch(/^44.*"rate-limited"/);
    expect(server.counts()).toMatchObject({ connections: 3 });
  });

  test('a full server, and one that is asked too often, refuse the handshake', async () => {
    const full = await startServer({ MAX_CONNECTIONS: '1' });
    await enterRaw(full.url);
    await new RawClient(full.url).closed;
    const busy = await startServer({ CONNECTS_PER_ADDRESS_PER_MINUTE: '1' });
    await enterRaw(busy.url);
    await new RawClient(busy.url).closed;
    expect([full.counts().connections, busy.counts().connections]).toEqual([1, 1]);
  });

  test('a client that does not read is cut before it fills the memory', async () => {
    const server = await startServer({ ...UNLIMITED, MAX_BACKLOG_BYTES: '65536' });
    const sender = await enterRaw(server.url);
    const deaf = await enterRaw(server.url);
    await sender.request('announce', ANNOUNCE);
    await deaf.request('announce', { ...ANNOUNCE, peerId: DIRECTED.to });
    deaf.socket.pause();
    const sealed = 'x'.repeat(90_000);
    let answer: unknown = { ok: true };
    for (let message = 0; message < 5000 && v.is(v.object({ ok: v.literal(true) }), answer); message++) {
      answer = await sender.request('offer', { ...DIRECTED, sealed });
    }
    expect(answer).toMatchObject({ error: { code: 'unknown-peer' } });
    expect(await sender.frames.take((frame) => frame.startsWith('42["peer-left"'))).toContain(DIRECTED.to);
    expect(server.counts()).toEqual({ connections: 1, swarms: 1, members: 1 });
  });
});
