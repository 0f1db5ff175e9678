import { describe, expect, test } from 'vitest';
import { MAX_PUSH_BYTES, takePushGrant, withPushGrant } from '@/src/protocol/push-grant';

const SDP = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n';

describe('N1: a grant at the end of an offer', () => {
  test.each([
    { bytes: MAX_PUSH_BYTES, fileIndex: undefined },
    { bytes: 1, fileIndex: 0 },
    { bytes: 40_000, fileIndex: 12 },
  ])('comes out as it went in: %o', (grant) => {
    expect(takePushGrant(withPushGrant(SDP, grant))).toEqual({ description: SDP, grant });
  });

  test.each([
    ['none', SDP],
    ['nothing', ''],
    ['one in the midst', `a=x-lodestream-push:100 -\r\n${SDP}`],
    ['a number that is none', `${SDP}a=x-lodestream-push:ten -\r\n`],
    ['a number that is too long', `${SDP}a=x-lodestream-push:99999999 -\r\n`],
    ['no file', `${SDP}a=x-lodestream-push:100\r\n`],
  ])('%s: the description is left as it is', (_, text) => {
    expect(takePushGrant(text)).toEqual({ description: text, grant: undefined });
  });

  test('more than may be granted is cut, and nothing is no grant', () => {
    expect(takePushGrant(`${SDP}a=x-lodestream-push:9999999 -\r\n`).grant).toEqual({ bytes: MAX_PUSH_BYTES, fileIndex: undefined });
    expect(takePushGrant(`${SDP}a=x-lodestream-push:0 -\r\n`)).toEqual({ description: SDP, grant: undefined });
  });
});
