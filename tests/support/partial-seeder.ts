import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { silentLogger } from '@/src/base/logger';
import { createNodeEngine } from '@/src/host/node-engine';
import { describeTorrent } from '@/src/host/node-torrent';
import { magnetLink } from '@/src/protocol/magnet';
import { PIECE_CHOICES } from './held-part';
import { filledStore, NATIVE_ONLY, openMember } from './local-swarm';

/*
 * A member of the native swarm in a process of its own that has only some of a file's pieces.
 * partial-seeder.ts <file> --signaling URL --pieces none|even|odd|below-6|from-12
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { signaling: { type: 'string', default: '' }, pieces: { type: 'string', default: 'all' } },
});
const [path = ''] = positionals;
const { info } = await describeTorrent(path, () => undefined);
const store = await filledStore(info, new Uint8Array(await readFile(path)), PIECE_CHOICES[values.pieces]);
const engine = createNodeEngine({ store, logger: silentLogger });
engine.applySettings({ consented: true, signalingUrls: [values.signaling], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: true });
const magnet = magnetLink(info);
const member = await openMember(engine, magnet);
await member.until(({ signaling }) => signaling.some(({ state }) => state === 'connected'));
console.log(magnet);
process.once('SIGTERM', () => process.exit(0));
