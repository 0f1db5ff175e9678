import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPrivateHost, judgeAddress } from '@/src/transport/stranger-address';

const nobody = { protocols: ['http:', 'https:'], isAllowed: () => false };

describe('an address a stranger wrote', () => {
  test.each([
    'http://seed.example/film',
    'https://seed.example:8443/',
    'http://93.184.216.34/x',
    'http://[2606:2800:220:1::1]/',
    'https://xn--bcher-kva.example/',
  ])('like %s is used', (text) => {
    expect(judgeAddress(text, nobody)).toMatchObject({ ok: true });
  });

  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd12:3456::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://app.localhost/',
    'http://printer.local/',
    'http://router/',
    'http://nas.lan/',
    'http://box.home.arpa/',
    'http://metadata.google.internal/',
    'http://１２７.0.0.1/',
  ])('that leads to the own network is refused: %s', (text) => {
    expect(judgeAddress(text, nobody)).toMatchObject({ ok: false, refusal: 'private', notice: { name: 'addressPrivate' } });
  });

  test.each([
    '',
    'seed.example',
    'ftp://seed.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,x',
    'blob:https://a/b',
    'http://',
    'wss://a.example',
  ])('that is nothing to fetch is refused: %j', (text) => {
    expect(judgeAddress(text, nobody)).toMatchObject({ ok: false, refusal: 'not-usable' });
  });

  test('with a name or password in it is refused', () => {
    expect(judgeAddress('https://user@seed.example/', nobody)).toMatchObject({ ok: false, refusal: 'has-credentials' });
    expect(judgeAddress('https://:pass@seed.example/', nobody)).toMatchObject({ ok: false, refusal: 'has-credentials' });
  });

  test('of the own network is used when the viewer allowed that host and port, and no other', () => {
    const rules = { ...nobody, isAllowed: (host: string) => host === '127.0.0.1:8080' };
    expect(judgeAddress('http://127.0.0.1:8080/film', rules)).toMatchObject({ ok: true });
    expect(judgeAddress('http://127.0.0.1:8081/film', rules)).toMatchObject({ ok: false, refusal: 'private' });
  });

  test('has its IPv4 address judged the same in all spellings', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (number) => {
        const dotted = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
        const mapped = `[::ffff:${dotted}]`;
        const isPrivate = isPrivateHost(dotted);
        expect(judgeAddress(`http://${number}/`, nobody).ok).toBe(!isPrivate);
        expect(judgeAddress(`http://0x${number.toString(16)}/`, nobody).ok).toBe(!isPrivate);
        expect(judgeAddress(`http://${mapped}/`, nobody).ok).toBe(!isPrivate);
      }),
    );
  });
});
