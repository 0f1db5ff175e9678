import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeTorrent } from '@/src/host/node-torrent';
import { magnetLink } from '@/src/protocol/magnet';
import { StockPeer } from './stock-peer';

/** An unmodified peer of the WebTorrent library in a process of its own: shares one file through one tracker until stopped. */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { tracker: { type: 'string', default: '' } } });
const [path = ''] = positionals;
const { info } = await describeTorrent(path, () => undefined);
await StockPeer.start(info, values.tracker, new Uint8Array(await readFile(path)));
console.log(magnetLink({ infoHash: info.infoHash, name: info.name, trackers: [values.tracker] }));
process.once('SIGTERM', () => process.exit(0));
