import { parseArgs } from 'node:util';
import { describeTorrent } from '@/src/host/node-torrent';
import { magnetLink } from '@/src/protocol/magnet';
import { fileReader, servesCorruptPieces } from './corrupt-pieces';

/*
 * A seeder that lies, as a process of its own: corrupt-seeder.ts <file> --signaling <url>
 * Says what happened to it a line each: "connected 1", "dropped 1", counting up.
 */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { signaling: { type: 'string' } } });
const [path] = positionals;
if (path === undefined || values.signaling === undefined) throw new Error('Usage: corrupt-seeder.ts <file> --signaling <url>');

const counts = { connected: 0, dropped: 0 };
const { info } = await describeTorrent(path, () => undefined);
const peer = servesCorruptPieces({
  signalingUrl: values.signaling,
  info,
  read: await fileReader(path),
  onConnected: () => console.log(`connected ${++counts.connected}`),
  onDropped: () => console.log(`dropped ${++counts.dropped}`),
});
console.log(`Sharing ${info.name} (${info.totalBytes} bytes, ${info.pieceCount} pieces), every one of them corrupt`);
console.log(magnetLink({ infoHash: info.infoHash, name: info.name }));

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    peer.stop();
    process.exit(0);
  });
}
