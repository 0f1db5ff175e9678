import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { createNodeConnection } from '@/src/host/node-rtc';

/** STUN message types (RFC 8489, RFC 8656). */
const BINDING_REQUEST = 0x0001;
const CREDENTIALS = { username: 'viewer', credential: 'secret' };

interface Place {
  readonly port: number;
  readonly types: ReadonlySet<number>;
  readonly firstType: Promise<number>;
}

async function openPlace(): Promise<Place> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const types = new Set<number>();
  const firstType = new Promise<number>((resolve) => {
    socket.on('message', (message) => {
      const type = message.readUInt16BE(0);
      types.add(type);
      resolve(type);
    });
  });
  return { port: socket.address().port, types, firstType };
}

async function gather(iceServers: RTCIceServer[]): Promise<void> {
  const connection = createNodeConnection({ iceServers });
  onTestFinished(() => connection.close());
  connection.createDataChannel('control', { negotiated: true, id: 0 });
  await connection.setLocalDescription(await connection.createOffer());
}

test('a TURN server tells a Node peer its address, and is asked for nothing else', async () => {
  const turn = await openPlace();
  await gather([{ urls: [`turn:127.0.0.1:${turn.port}?transport=udp`], ...CREDENTIALS }]);
  expect(await turn.firstType).toBe(BINDING_REQUEST);
});

test('of a TURN server and a STUN server the STUN server is asked alone', async () => {
  const [turn, stun] = await Promise.all([openPlace(), openPlace()]);
  await gather([{ urls: `turn:127.0.0.1:${turn.port}`, ...CREDENTIALS }, { urls: `stun:127.0.0.1:${stun.port}` }]);
  expect(await stun.firstType).toBe(BINDING_REQUEST);
  expect(turn.types.size).toBe(0);
});
