import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptsCandidate, isPrivateServer, outgoingCandidate, withoutAddresses } from '@/src/transport/candidate-filter';

const MDNS = '3f2a9c1e-7b54-4d0e-9c1a-0a1b2c3d4e5f.local';

function candidate(address: string, type = 'host', rest = ''): string {
  return `candidate:1 1 udp 2122260223 ${address} 54321 typ ${type}${rest}`;
}

describe('G6: what leaves this machine', () => {
  test.each(['192.168.1.7', '10.0.0.1', '203.0.113.7', '8.8.8.8', 'fe80::1', 'fd00::2', '2001:4860:4860::8888', '127.0.0.1'])(
    'the host candidate %s stays here unless host candidates are allowed',
    (address) => {
      expect(outgoingCandidate(candidate(address), false)).toBeUndefined();
      expect(outgoingCandidate(candidate(address), true)).toBe(candidate(address));
    },
  );

  test('a host candidate of TCP stays here, too', () => {
    const tcp = 'candidate:2 1 tcp 1518280447 192.168.1.7 9 typ host tcptype active generation 0';
    expect(outgoingCandidate(tcp, false)).toBeUndefined();
  });

  test('an mDNS name may always leave', () => {
    expect(outgoingCandidate(candidate(MDNS), false)).toBe(candidate(MDNS));
  });

  test.each(['srflx', 'prflx', 'relay'])('the related address of a %s candidate is blanked, allowed or not', (type) => {
    const sent = candidate('8.8.8.8', type, ' raddr 192.168.1.7 rport 54321 generation 0 ufrag abcd network-cost 999');
    const blanked = candidate('8.8.8.8', type, ' raddr 0.0.0.0 rport 0 generation 0 ufrag abcd network-cost 999');
    for (const allowHost of [true, false]) expect(outgoingCandidate(sent, allowHost)).toBe(blanked);
    const ipv6 = candidate('2001:4860:4860::8888', type, ' raddr fd00::2 rport 1');
    expect(outgoingCandidate(ipv6, false)).not.toContain('fd00');
  });

  test('what a STUN server inside a private network says is a private address all the same', () => {
    expect(outgoingCandidate(candidate('192.168.1.7', 'srflx', ' raddr 0.0.0.0 rport 0'), false)).toBeUndefined();
    expect(outgoingCandidate(candidate('192.168.1.7', 'srflx', ' raddr 0.0.0.0 rport 0'), true)).toBeDefined();
  });
});

describe('G11: what leaves where connections go through relays alone', () => {
  test.each(['host', 'srflx', 'prflx'])('no %s candidate does, whatever else is allowed', (type) => {
    for (const address of ['8.8.8.8', '192.168.1.7', MDNS]) expect(outgoingCandidate(candidate(address, type), true, true)).toBeUndefined();
  });

  test('a relay’s address does, without the one it was asked from', () => {
    const sent = candidate('203.0.113.9', 'relay', ' raddr 198.51.100.7 rport 54321');
    expect(outgoingCandidate(sent, true, true)).toBe(candidate('203.0.113.9', 'relay', ' raddr 0.0.0.0 rport 0'));
  });

  test('mDNS names of others are not looked up', () => {
    expect(acceptsCandidate(candidate(MDNS), true, true)).toBe(false);
    expect(acceptsCandidate(candidate('8.8.8.8', 'srflx', ' raddr 0.0.0.0 rport 0'), false, true)).toBe(true);
  });
});

describe('G7: what is tried of others', () => {
  test.each([
    '192.168.1.7',
    '10.0.0.1',
    '172.16.3.4',
    '172.31.255.255',
    '127.0.0.1',
    '127.8.8.8',
    '169.254.10.10',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::2',
    'fc00::1',
    'ff02::1',
    '::ffff:192.168.1.7',
    '::ffff:127.0.0.1',
    '64:ff9b::c0a8:107',
  ])('the address %s is ignored unless host candidates are allowed, of whatever type it is said to be', (address) => {
    for (const type of ['host', 'srflx', 'prflx', 'relay']) expect(acceptsCandidate(candidate(address, type), false)).toBe(false);
    expect(acceptsCandidate(candidate(address), true)).toBe(true);
  });

  test.each(['8.8.8.8', '2001:4860:4860::8888', MDNS])('%s is tried', (address) => {
    expect(acceptsCandidate(candidate(address, 'host'), false)).toBe(true);
    expect(acceptsCandidate(candidate(address, 'srflx', ' raddr 0.0.0.0 rport 0'), false)).toBe(true);
  });

  test.each(['localhost', 'router.lan', 'example.org', 'a.b.local', '.local', 'xn--caf-dma.local.example.org'])(
    'the name %s is never looked up: it could lead anywhere, and the look-up alone tells who asks',
    (name) => {
      for (const allowHost of [true, false]) expect(acceptsCandidate(candidate(name), allowHost)).toBe(false);
    },
  );
});

describe('malformed candidates', () => {
  test.each([
    '',
    'candidate:',
    'candidate:1 1 udp 2122260223 8.8.8.8 54321',
    'candidate:1 1 udp 2122260223 8.8.8.8 54321 typ elsewhere',
    'candidate:1 1 udp 2122260223 8.8.8.8 port typ host',
    ' candidate:1 1 udp 2122260223 8.8.8.8 54321 typ host',
    'candidate:1 1 udp 2122260223 8.8.8.8 54321 typ hostess',
    `candidate:1 1 udp 2122260223 8.8.8.8 54321 typ srflx${' x'.repeat(300)}`,
  ])('%j goes neither way', (text) => {
    expect(outgoingCandidate(text, true)).toBeUndefined();
    expect(acceptsCandidate(text, true)).toBe(false);
  });

  test.each(['\r\na=candidate:1 1 udp 1 192.168.1.7 5 typ host', '\n', '\r', '\u2028', '\0'])(
    'a second line (%j) cannot ride along',
    (rest) => {
      expect(acceptsCandidate(candidate('8.8.8.8', 'srflx', rest), false)).toBe(false);
      expect(outgoingCandidate(candidate('8.8.8.8', 'srflx', rest), false)).toBeUndefined();
    },
  );

  test('the attribute form of libdatachannel passes', () => {
    expect(acceptsCandidate(`a=${candidate('8.8.8.8')}`, false)).toBe(true);
  });

  test('no text throws', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.string({ maxLength: 40 }).map((address) => candidate(address)),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (candidate, allowHost) => {
        expect(typeof acceptsCandidate(candidate, allowHost)).toBe('boolean');
        expect(['string', 'undefined']).toContain(typeof outgoingCandidate(candidate, allowHost));
        expect(withoutAddresses(candidate)).not.toContain('a=candidate:');
      }),
    );
  });
});

describe('G6: a description', () => {
  const SDP = [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 192.168.1.7',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 54321 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 192.168.1.7',
    'a=candidate:1 1 udp 2122260223 192.168.1.7 54321 typ host generation 0',
    'a=candidate:2 1 udp 1686052607 8.8.8.8 54321 typ srflx raddr 192.168.1.7 rport 54321',
    'a=end-of-candidates',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:0123456789012345678901',
    'a=setup:actpass',
    'a=mid:0',
    'a=sctp-port:5000',
  ];
  const BLANK = [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:0123456789012345678901',
    'a=setup:actpass',
    'a=mid:0',
    'a=sctp-port:5000',
    '',
  ].join('\r\n');

  test.each([
    ['with the line ends of RFC 8866', '\r\n'],
    ['with bare line feeds', '\n'],
    ['with bare carriage returns', '\r'],
  ])('holds no address afterwards, %s', (_, lineEnd) => {
    expect(withoutAddresses(SDP.join(lineEnd) + lineEnd)).toBe(BLANK);
  });

  test('of IPv6 holds none either', () => {
    const ipv6 = SDP.map((line) => line.replaceAll('IP4', 'IP6').replaceAll('192.168.1.7', 'fd00::2')).join('\r\n');
    expect(withoutAddresses(ipv6)).toBe(BLANK);
  });

  test('that is blank already stays as it is', () => {
    expect(withoutAddresses(BLANK)).toBe(BLANK);
  });

  test.each([
    ['at its end without a line end', 'v=0\r\na=candidate:1 1 udp 1 10.0.0.1 5 typ host'],
    ['with a line separator inside', 'v=0\r\na=candidate:1 1 udp 1 10.0.0.1 5 typ host \u2028x\r\n'],
    ['behind a line separator', 'v=0\r\ns=-\u2028a=candidate:1 1 udp 1 10.0.0.1 5 typ host\r\n'],
    ['in capitals', 'v=0\r\na=CANDIDATE:1 1 udp 1 10.0.0.1 5 typ host\r\n'],
    ['behind blanks', 'v=0\r\n \ta=candidate:1 1 udp 1 10.0.0.1 5 typ host\r\n'],
    ['as a remote one', 'v=0\r\na=remote-candidates:1 10.0.0.1 5\r\n'],
    ['as an RTCP address', 'v=0\r\na=rtcp:9 IN IP4 10.0.0.1\r\n'],
  ])('cannot smuggle a candidate %s', (_, sdp) => {
    expect(withoutAddresses(sdp)).not.toContain('10.0.0.1');
  });
});

describe('G6: a signaling server', () => {
  test.each([
    'http://localhost:8787',
    'ws://LOCALHOST',
    'http://signal.localhost:8787',
    'http://127.0.0.1:8787',
    'http://127.1:8787',
    'https://192.168.1.5',
    'wss://10.1.2.3:443/path',
    'ws://172.20.0.1',
    'ws://169.254.7.7',
    'http://[::1]:8787',
    'http://[fd12:3456::1]',
    'http://[fe80::1]',
    'http://[::ffff:192.168.1.5]',
  ])('at %s is on this machine or a private network', (url) => {
    expect(isPrivateServer(url)).toBe(true);
  });

  test.each([
    'https://signal.example.org',
    'https://localhost.example.org',
    'https://mylocalhost',
    'https://192.168.1.5.example.org',
    'https://8.8.8.8',
    'https://172.32.0.1',
    'https://[2001:4860:4860::8888]',
    'https://[64:ff9b::808:808]',
    'https://[2002:808:808::1]',
    'https://[2001:0:808:808::1]',
    'not an address',
    '',
  ])('at %j is not', (url) => {
    expect(isPrivateServer(url)).toBe(false);
  });
});
