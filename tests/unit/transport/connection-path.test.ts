import { expect, test } from 'vitest';
import { isWithinPrivateNetwork } from '@/src/transport/connection-path';

type End = Readonly<Record<string, string | boolean>>;

/** Statistics of a connection with one selected pair, with the names Chromium or libdatachannel gives them. */
function connectionBetween(local: End, remote: End) {
  const entries = [
    { id: 'other', type: 'remote-candidate', candidateType: 'host', address: '192.168.1.9' },
    { id: 'L', type: 'local-candidate', ...local },
    { id: 'R', type: 'remote-candidate', ...remote },
    { id: 'idle', type: 'candidate-pair', nominated: false, localCandidateId: 'L', remoteCandidateId: 'other' },
    { id: 'P', type: 'candidate-pair', nominated: true, localCandidateId: 'L', remoteCandidateId: 'R' },
  ];
  const stats: RTCStatsReport = new Map(entries.map((entry) => [entry.id, entry]));
  return { connectionState: 'connected', getStats: async () => stats } as const;
}

test.each<[string, End]>([
  ['of this machine', { candidateType: 'host', address: '127.0.0.1' }],
  ['of a home', { candidateType: 'host', address: '192.168.1.7' }],
  ['of a home, learnt from its packets', { candidateType: 'prflx', ip: '10.0.0.7' }],
  ['link-local by IPv6', { candidateType: 'host', address: 'fe80::7' }],
  ['of a private IPv6 network', { candidateType: 'host', address: 'fd00::7' }],
])('W5: a far end %s is in the same network', async (_, remote) => {
  expect(await isWithinPrivateNetwork(connectionBetween({ candidateType: 'host', address: '192.168.1.2' }, remote))).toBe(true);
});

test.each<[string, End]>([
  ['a public address', { candidateType: 'host', address: '8.8.8.8' }],
  ['a public IPv6 address, as every machine with IPv6 has', { candidateType: 'host', address: '2a00:1450::7' }],
  ['a 6to4 address', { candidateType: 'host', address: '2002:808:808::1' }],
  ['a NAT64 address', { candidateType: 'host', address: '64:ff9b::808:808' }],
  ['an address the browser keeps to itself', { candidateType: 'prflx' }],
  ['a name', { candidateType: 'host', address: 'f00.local' }],
])('W5: a far end with %s learns none of our own network', async (_, remote) => {
  expect(await isWithinPrivateNetwork(connectionBetween({ candidateType: 'host', address: '203.0.113.2' }, remote))).toBe(false);
});

test.each(['srflx', 'prflx', 'relay'])(
  'W5: a near end behind a NAT or a relay (%s) is in no network with the far one',
  async (candidateType) => {
    const local = { candidateType, address: '203.0.113.2' };
    expect(await isWithinPrivateNetwork(connectionBetween(local, { candidateType: 'host', address: '10.0.0.7' }))).toBe(false);
  },
);

test('W5: a closed connection is in no network', async () => {
  const { getStats } = connectionBetween({ candidateType: 'host' }, { candidateType: 'host', address: '10.0.0.7' });
  expect(await isWithinPrivateNetwork({ connectionState: 'closed', getStats })).toBe(false);
});
