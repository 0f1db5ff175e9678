import { fillChannels } from './fill-channels';
import type { RawOrder } from './raw-peer';

/* Reports as data attributes of the root element: `ready`, `failure`, and `completeAtMs` in ms since the epoch. */

const report = document.documentElement.dataset;
let receiving: readonly RTCPeerConnection[] = [];

globalThis.rawPeer = {
  offer(order) {
    let leftBytes = order.lengthBytes;
    receiving = Array.from({ length: order.connections }, () => {
      const connection = connect(order);
      const channel = connection.createDataChannel('film');
      channel.binaryType = 'arraybuffer';
      channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        leftBytes -= data.byteLength;
        if (leftBytes === 0) report['completeAtMs'] = String(Date.now());
      });
      channel.addEventListener('open', () => channel.send('ready'));
      channel.addEventListener('close', () => {
        report['failure'] = `a channel closed while ${leftBytes} bytes were to come`;
      });
      return connection;
    });
    return Promise.all(receiving.map(describe));
  },
  answer(order, offers) {
    const sending = offers.map(() => connect(order));
    fillChannels(sending, order.lengthBytes);
    return Promise.all(
      sending.map(async (connection, index) => {
        await connection.setRemoteDescription({ type: 'offer', sdp: offers[index] ?? '' });
        return describe(connection);
      }),
    );
  },
  async accept(answers) {
    await Promise.all(receiving.map((connection, index) => connection.setRemoteDescription({ type: 'answer', sdp: answers[index] ?? '' })));
  },
};
report['ready'] = '';

function connect({ iceServers }: RawOrder): RTCPeerConnection {
  return new RTCPeerConnection({ iceServers: [...iceServers] });
}

/** The own description, once all candidates are in it. */
async function describe(connection: RTCPeerConnection): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): void => {
    if (connection.iceGatheringState === 'complete') resolve();
  };
  connection.addEventListener('icegatheringstatechange', check);
  await connection.setLocalDescription();
  check();
  await promise;
  return connection.localDescription?.sdp ?? '';
}
