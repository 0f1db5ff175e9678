import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIVATE_DOMAINS, PRIVATE_PATTERNS, privateAddressRules } from '@/src/background/private-address-rules';
import { isPrivateHost } from '@/src/transport/stranger-address';

const patterns = PRIVATE_PATTERNS.map((pattern) => new RegExp(pattern));

/** As the browser would decide, without exemptions. */
function isBlocked(address: string): boolean {
  const { href, hostname } = new URL(address);
  const isLocalName = PRIVATE_DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
  return isLocalName || patterns.some((pattern) => pattern.test(href));
}

describe('the rules against private addresses', () => {
  test('block the IPv4 addresses the engine refuses, and no others', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom('', ':8080'), (number, port) => {
        const host = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
        expect(isBlocked(`http://${host}${port}/film`)).toBe(isPrivateHost(host));
      }),
      { numRuns: 3000 },
    );
  });

  test('block the edges of each private block of IPv4, and not their neighbours', () => {
    const edges = ['0.0.0.0', '10.0.0.0', '100.64.0.0', '127.0.0.0', '169.254.0.0', '172.16.0.0', '192.168.0.0', '198.18.0.0', '224.0.0.0'];
    const lasts = ['0.255.255.255', '10.255.255.255', '100.127.255.255', '127.255.255.255', '169.254.255.255', '172.31.255.255'];
    for (const host of [...edges, ...lasts, '192.168.255.255', '198.19.255.255', '255.255.255.255'])
      expect(isBlocked(`ws://${host}/`)).toBe(true);
    const outside = [
      '1.0.0.0',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.0.0',
    ];
    for (const host of [...outside, '172.15.0.1', '172.32.0.0', '192.167.0.1', '192.0.78.9', '223.255.255.255']) {
      expect(isBlocked(`https://${host}:8443/`)).toBe(false);
    }
  });

  test('block every IPv6 address outside of 2000::/3, and what is special inside', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(!address.includes('%'));
        const { href, hostname } = new URL(`http://[${address}]/`);
        const isOutside = !/^\[[23][0-9a-f]{3}:/.test(hostname);
        fc.pre(isOutside);
        expect([hostname, isBlocked(href)]).toEqual([hostname, true]);
      }),
    );
    for (const host of [
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:db8::1',
      '2001::1',
      '20::1',
    ]) {
      expect([host, isBlocked(`http://[${host}]/`)]).toEqual([host, true]);
    }
    for (const host of ['2606:4700::1111', '2a00:1450::1', '3fff:ffff::1', '2001:4860:4860::8888'])
      expect(isBlocked(`http://[${host}]:81/`)).toBe(false);
  });

  test('block names that only a local resolver knows, and no public ones', () => {
    for (const host of ['localhost', 'app.localhost', 'router', 'nas.local', 'box.lan', 'a.home.arpa'])
      expect(isBlocked(`http://${host}:80/x`)).toBe(true);
    for (const host of ['seed.example', '10.example.com', '127.0.0.1.example.com', 'local.example', 'a.b.c'])
      expect(isBlocked(`https://${host}/router/`)).toBe(false);
  });

  test('are about requests of the extension alone', () => {
    const rules = privateAddressRules('abcdef', ['http://127.0.0.1:8787']);
    expect(rules.map(({ condition }) => condition.initiatorDomains)).toEqual(rules.map(() => ['abcdef']));
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  test('leave what the viewer named reachable by HTTP and WebSocket, at that port only', () => {
    const allowed = privateAddressRules('abcdef', ['http://127.0.0.1:8787/path', 'wss://[::1]/', 'nonsense', 'udp://127.0.0.1:1/'])
      .filter(({ action }) => action.type === 'allow')
      .map(({ condition }) => condition.urlFilter);
    expect(allowed).toEqual(['|http://127.0.0.1:8787/', '|ws://127.0.0.1:8787/', '|https://[::1]/', '|wss://[::1]/']);
  });
});
