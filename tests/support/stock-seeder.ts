import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeTorrent } from '@/src/host/node-torrent';
import { magnetLink } from '@/src/protocol/magnet';
import { heldPart, PIECE_CHOICES } from './held-part';
import { StockPeer } from './stock-peer';

/*
 * An unmodified peer of the WebTorrent library in a process of its own: shares one file through one tracker until stopped.
 * stock-seeder.ts <file> --tracker URL [--pieces all|even|odd] [--upload-limit KB]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tracker: { type: 'string', default: '' },
    pieces: { type: 'string', default: 'all' },
    'upload-limit': { type: 'string' },
  },
});
const [path = ''] = positionals;
const { info } = await describeTorrent(path, () => undefined);
const held = heldPart(info, new Uint8Array(await readFile(path)), PIECE_CHOICES[values.pieces]);
const limit = values['upload-limit'];
await StockPeer.start(info, values.tracker, held, limit === undefined ? undefined : Number(limit) * 1000);
console.log(magnetLink({ infoHash: info.infoHash, name: info.name, trackers: [values.tracker] }));
process.once('SIGTERM', () => process.exit(0));
