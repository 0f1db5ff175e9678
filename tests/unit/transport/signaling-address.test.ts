import { expect, test } from 'vitest';
import { parseSignalingAddress } from '@/src/transport/signaling-address';

test.each([
  ['https://signal.example', 'socket.io', 'https://signal.example', ''],
  ['http://127.0.0.1:8787/base/', 'socket.io', 'http://127.0.0.1:8787', '/base'],
  ['https://signal.example/ws', 'socket.io', 'https://signal.example', '/ws'],
  ['wss://signal.example', 'socket.io', 'https://signal.example', ''],
  ['ws://signal.example/cows', 'socket.io', 'http://signal.example', '/cows'],
  ['wss://signal.example/ws', 'web-socket', 'https://signal.example', ''],
  ['ws://signal.example:8787/base/ws/?a#b', 'web-socket', 'http://signal.example:8787', '/base'],
  ['ws://signal.example//ws', 'web-socket', 'http://signal.example', ''],
  ['peerjs://127.0.0.1:9000/broker', 'peer-server', 'http://127.0.0.1:9000', '/broker'],
  ['peerjss://broker.example', 'peer-server', 'https://broker.example', ''],
])('%s is spoken to by %s', (text, protocol, origin, basePath) => {
  expect(parseSignalingAddress(text)).toEqual({ protocol, origin, basePath, host: new URL(text).host });
});

test.each(['', 'signal.example', 'ftp://signal.example', 'file:///ws', 'ws://', 'peerjs:'])('%j is no address', (text) => {
  expect(parseSignalingAddress(text)).toBeUndefined();
});
