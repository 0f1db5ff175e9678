import { expect, test } from 'vitest';
import { fingerprintOf, readDescription, wholeDescription } from '@/src/transport/non-trickle-sdp';

const HOST = 'candidate:1 1 UDP 2114977791 192.168.1.7 54321 typ host';
const MDNS = 'candidate:4 1 UDP 2114977790 0a1b2c3d-0000-4000-8000-000000000000.local 54321 typ host';
const SRFLX = 'candidate:2 1 UDP 1678769919 203.0.114.9 54321 typ srflx raddr 192.168.1.7 rport 54321';
const SDP = [
  'v=0',
  'o=- 42 0 IN IP4 192.168.1.7',
  's=-',
  't=0 0',
  'a=fingerprint:sha-256 AA:BB:CC:DD:EE',
  'm=application 54321 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 192.168.1.7',
  'a=mid:data',
  'a=ice-options:trickle',
  `a=${HOST}`,
  `a=${MDNS}`,
  `a=${SRFLX}`,
  'a=end-of-candidates',
  '',
].join('\r\n');

function candidatesOf(allowHost: boolean): unknown[] {
  return readDescription(SDP, allowHost)?.candidates.map(({ candidate }) => candidate) ?? [];
}

test('G6: what leaves holds no address of the private network', () => {
  const sent = wholeDescription(SDP, false);
  expect(sent).not.toContain('192.168.1.7');
  expect(sent).toContain('203.0.114.9 54321 typ srflx raddr 0.0.0.0 rport 0');
  expect(sent).toContain('.local');
  expect(sent).not.toContain('trickle');
});

test('G6: with local peers allowed, host candidates leave', () => {
  expect(wholeDescription(SDP, true)).toContain(`a=${HOST}\r\n`);
});

test('G11: where connections go through relays alone, a description names nothing but the relay', () => {
  const relay = 'candidate:5 1 UDP 41885439 198.51.100.4 50000 typ relay raddr 203.0.114.9 rport 54321';
  const sent = wholeDescription(SDP.replace('a=end-of-candidates', `a=${relay}`), true, true);
  expect(sent.match(/a=candidate.*/g)).toEqual([`a=${relay.replace('203.0.114.9 rport 54321', '0.0.0.0 rport 0')}`]);
  expect(sent).not.toMatch(/192\.168|203\.0\.114|\.local/);
});

test('G7: candidates in private ranges are tried only where local peers are allowed', () => {
  expect(candidatesOf(false)).toEqual([MDNS, SRFLX]);
  expect(candidatesOf(true)).toEqual([HOST, MDNS, SRFLX]);
});

test('what goes to the browser has no address, the candidates go one by one', () => {
  const description = readDescription(SDP, true);
  expect(description?.sdp).not.toMatch(/192\.168|203\.0|a=candidate/);
  expect(description?.candidates[0]).toEqual({ candidate: HOST, sdpMid: 'data' });
});

test('G5: at most 80 candidates', () => {
  const many = SDP.replace(`a=${HOST}\r\n`, `a=${HOST}\r\n`.repeat(500));
  expect(readDescription(many, true)?.candidates).toHaveLength(80);
  expect(wholeDescription(many, true).match(/a=candidate/g)).toHaveLength(80);
});

test.each([
  ['over 64 KiB', SDP + 'x'.repeat(64 * 1024)],
  ['with a second data section', `${SDP}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`],
  ['with sound', `${SDP}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`],
  ['of sound only', SDP.replace('m=application', 'm=audio')],
  ['that is empty', ''],
])('G5: a description %s is none', (_what, sdp) => {
  expect(readDescription(sdp, true)).toBeUndefined();
});

test('the certificate names whoever connects', () => {
  expect(fingerprintOf(SDP)).toBe('aa:bb:cc:dd:ee');
  expect(fingerprintOf('v=0')).toBeUndefined();
});
