import { expect, test } from 'vitest';
import { checkTrackerAddress } from '@/src/transport/tracker-address';

test.each([
  ['wss://tracker.example/announce', 'wss://tracker.example/announce'],
  ['ws://tracker.example:8000', 'ws://tracker.example:8000/'],
  ['wss://user:secret@tracker.example/#part', 'wss://tracker.example/'],
  ['wss://[2001:4860::1]/', 'wss://[2001:4860::1]/'],
])('%s may come from a link', (text, url) => {
  expect(checkTrackerAddress(text, false)).toMatchObject({ ok: true, url });
});

test.each(['udp://tracker.example:80', 'https://tracker.example', 'javascript:alert(1)', 'tracker.example', ''])(
  '%s is no WebTorrent tracker',
  (text) => {
    expect(checkTrackerAddress(text, true)).toMatchObject({
      ok: false,
      reason: { name: expect.stringMatching(/^(?:notAddress|tracker\w+)$/) as string },
    });
  },
);

test.each([
  'ws://127.0.0.1:9000',
  'ws://127.1',
  'ws://0x7f000001',
  'ws://2130706433',
  'ws://127.0.0.1.:9000',
  'wss://localhost',
  'wss://LOCALHOST.',
  'wss://tracker.localhost',
  'wss://10.0.0.1',
  'wss://192.168.1.1/announce',
  'wss://172.16.5.4',
  'wss://169.254.169.254',
  'wss://100.64.0.1',
  'wss://0.0.0.0',
  'wss://[::1]',
  'wss://[fe80::1]',
  'wss://[fd00::1]',
  'wss://[::ffff:10.0.0.1]',
])('%s is refused from a link and taken from the viewer', (text) => {
  expect(checkTrackerAddress(text, false)).toMatchObject({ ok: false });
  expect(checkTrackerAddress(text, true)).toMatchObject({ ok: true });
});
