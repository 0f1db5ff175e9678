import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { runInNewContext } from 'node:vm';
import { silentLogger } from '@/src/base/logger';
import { createNodeEngine } from '@/src/host/node-engine';
import { createFileChunkStore } from '@/src/store/file-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { NATIVE_ONLY, openMember } from './local-swarm';

/*
 * Reads a film from its beginning to its end as a player does, in a process of its own, and prints how many bytes of buffers were in use
 * at looks on the way, ascending: `{"heldBytes":[…],"readBytes":…}`.
 * measured-viewer.ts <magnet> --signaling URL --folder FOLDER
 */

/** As many as the service worker pulls at once. */
const PULL_BYTES = 512 * 1024;
/** Before each look what is not used any more is collected: else the figure is that of the collector's mood. */
const LOOKS = 24;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { signaling: { type: 'string', default: '' }, folder: { type: 'string', default: '' } },
});
const [magnet = ''] = positionals;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const engine = createNodeEngine({
  store: withReadCache(createFileChunkStore({ directory: values.folder })),
  logger: silentLogger,
});
engine.applySettings({ consented: true, signalingUrls: [values.signaling], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: true });
const member = await openMember(engine, magnet);
const stream = await engine.openStream({ sessionId: member.sessionId, fileIndex: 0, startBytes: 0 }, new AbortController().signal);
const lookEveryBytes = Math.floor(stream.fileLengthBytes / LOOKS);
const heldBytes: number[] = [];
let readBytes = 0;
for (;;) {
  const { length } = await stream.read(PULL_BYTES);
  if (length === 0) break;
  if (Math.floor(readBytes / lookEveryBytes) !== Math.floor((readBytes + length) / lookEveryBytes)) {
    // The second waits for what the first only began to sweep.
    collect();
    collect();
    heldBytes.push(process.memoryUsage().arrayBuffers);
  }
  readBytes += length;
}
console.log(JSON.stringify({ heldBytes: heldBytes.toSorted((left, right) => left - right), readBytes }));
await member.close();
process.exit(0);
