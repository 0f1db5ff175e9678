import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '@/signaling-server/src/config';
import type { LentRelay } from '@/src/protocol/signaling-events';
import { startProgram } from '@/tests/support/child-process';
import { startTurnServer } from '@/tests/support/turn-server';
import { TestPeer } from './test-peer';
import { startServer } from './test-server';

/** TURN servers that a signaling server lends (SPEC G12), with a real coturn. */

const TOKEN = 'a shared secret that is long';
const TURN = { TURN_URLS: 'turn:turn.example.org:3478,turns:turn.example.org', TURN_SECRET: 'the secret of coturn' };

async function lentTo(url: string, token?: string): Promise<readonly LentRelay[] | undefined> {
  const peer = await new TestPeer(url, token).connect();
  const { relays } = await peer.announce();
  peer.stop();
  return relays;
}

/** Whether coturn's own client gets a relay with it, and a packet through. */
async function isTaken(
  { username, credential }: { readonly username: string; readonly credential: string },
  port: number,
): Promise<boolean> {
  const client = startProgram('turnutils_uclient', [
    '-y',
    '-n',
    '1',
    '-m',
    '1',
    '-c',
    '-u',
    username,
    '-w',
    credential,
    '-p',
    `${port}`,
    '127.0.0.1',
  ]);
  return (await client.exited) === 0;
}

test('token holders get credentials with each announce, the same until half of their time is over', async () => {
  const { url } = await startServer({ ...TURN, ACCESS_TOKENS: TOKEN });
  const peer = await new TestPeer(url, TOKEN).connect();
  const { relays: first } = await peer.announce();
  const { relays: second } = await peer.announce();
  expect(first?.map(({ urls }) => urls)).toEqual(['turn:turn.example.org:3478', 'turns:turn.example.org']);
  expect(second?.map(({ username }) => username)).toEqual(first?.map(({ username }) => username));
  expect(first?.[0]?.lifetimeSeconds).toBeGreaterThan(21_000);
});

test('a public server lends them only where its host says so, and only so many to an address', async () => {
  const { url } = await startServer({ ...TURN, TURN_FOR_EVERYONE: 'yes', TURN_CREDENTIALS_PER_ADDRESS_PER_HOUR: '2' });
  expect(await lentTo(url)).toHaveLength(2);
  expect(await lentTo(url)).toHaveLength(2);
  expect(await lentTo(url)).toBeUndefined();
  const none = await startServer();
  expect(await lentTo(none.url)).toBeUndefined();
});

test.each([
  ['TURN_URLS and TURN_SECRET go together', { TURN_URLS: TURN.TURN_URLS }],
  ['TURN_URLS and TURN_SECRET go together', { TURN_SECRET: TURN.TURN_SECRET }],
  ['TURN_URLS would be lent to nobody', TURN],
  ['Each of TURN_URLS must be turn:', { ...TURN, TURN_URLS: 'stun:stun.example.org' }],
  ['TURN_SECRET must have at least 16', { ...TURN, TURN_SECRET: 'short' }],
  ['TURN_FOR_EVERYONE must be yes or no', { ...TURN, TURN_FOR_EVERYONE: 'maybe' }],
])('%s: a server that cannot do so does not start', (sentence, environment) => {
  expect(() => readConfig(environment)).toThrow(sentence);
});

test('coturn takes what is issued, and refuses what has expired or was made up', async () => {
  const turn = await startTurnServer();
  onTestFinished(() => turn.stop());
  const { url } = await startServer({ TURN_URLS: turn.url, TURN_SECRET: turn.secret, ACCESS_TOKENS: TOKEN });
  const [relay] = (await lentTo(url, TOKEN)) ?? [];
  if (relay === undefined) throw new Error('nothing was lent');
  expect(await isTaken(relay, turn.port)).toBe(true);
  expect(await isTaken({ ...relay, credential: 'made up' }, turn.port)).toBe(false);
  expect(await isTaken(turn.credentials(-60), turn.port)).toBe(false);
});
