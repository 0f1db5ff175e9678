import { parseArgs } from 'node:util';
import { createNodeEngine } from '@/src/host/node-engine';
import { describeTorrent, placesOf } from '@/src/host/node-torrent';
import { silentLogger } from '@/src/base/logger';
import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { magnetLink } from '@/src/protocol/magnet';
import { DEFAULT_SETTINGS } from '@/src/settings/schema';
import { createSeedStore } from '@/src/store/seed-store';
import { NoticeError } from '@/src/protocol/notice';
import { noticeSentence } from './notice-sentence';

const NAME_OF_SEVERAL = 'Shared files';

const USAGE = `Usage: npm run seed -- <file or folder>… [--name NAME] [--signaling URL]… [--tracker URL]… [--stun URL]…
                                        [--name-signaling] [--upload-limit KB] [--allow-local-peers] [--v2 | --hybrid]

Shares files and folders where they are until stopped (Ctrl+C) and prints their magnet link.
  --name NAME           of the folder that several files or folders are shared as (default ${NAME_OF_SEVERAL})
  --signaling URL       a signaling server; may be given several times (default ${DEFAULT_SETTINGS.signalingServers[0]?.url}, unless trackers are given)
  --name-signaling      name the signaling servers in the link (x.ls): viewers are asked whether to use them
  --tracker URL         a WebTorrent tracker through which Lodestream viewers meet, with or without a signaling server
  --stun URL            a STUN server, for example stun:stun.example.org:3478; may be given several times (default: none)
  --upload-limit KB     send at most this many kilobytes (1,000 bytes) a second (default: no limit)
  --v2                  make a torrent of BitTorrent v2 alone: files verified by SHA-256, unknown to WebTorrent and older programs
  --hybrid              make one torrent of both versions: a magnet link with both hashes (default: BitTorrent v1)
  --allow-local-peers   tell peers this machine's own network addresses, too`;

const shown = { signaling: '', peers: '', advice: '' };
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

try {
  await seed();
  process.exit(0);
} catch (error) {
  console.error(error instanceof NoticeError ? noticeSentence(error.notice) : error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function seed(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      tracker: { type: 'string', multiple: true },
      signaling: { type: 'string', multiple: true },
      'name-signaling': { type: 'boolean', default: false },
      stun: { type: 'string', multiple: true },
      'upload-limit': { type: 'string' },
      'allow-local-peers': { type: 'boolean', default: false },
      v2: { type: 'boolean', default: false },
      hybrid: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (values.help || path === undefined) {
    console.log(USAGE);
    if (!values.help) throw new Error('\nName a file or folder to share.');
    return;
  }
  if (values.v2 && values.hybrid) throw new Error('--v2 and --hybrid exclude each other: a hybrid torrent is of both versions.');
  const several = positionals.length > 1 ? { name: values.name ?? NAME_OF_SEVERAL, paths: positionals } : undefined;
  if (values.name !== undefined && several === undefined) throw new Error('--name is for several files or folders: one has its own.');
  const { info, hashes } = await describeTorrent(several ?? path, showProgress(), values.v2 ? 'v2' : values.hybrid ? 'hybrid' : 'v1');
  const engine = createNodeEngine({
    store: createSeedStore({
      info,
      path,
      ...(several === undefined ? {} : { places: placesOf(positionals) }),
      ...(hashes === undefined ? {} : { hashes }),
    }),
    logger: silentLogger,
    limits: values['upload-limit'] === undefined ? {} : { uploadBytesPerSecond: kilobytes(values['upload-limit']) },
  });
  const trackers = values.tracker ?? [];
  const signalingUrls = values.signaling ?? (trackers.length > 0 ? [] : DEFAULT_SETTINGS.signalingServers.map(({ url }) => url));
  engine.applySettings({
    consented: true,
    signalingUrls,
    iceServers: (values.stun ?? []).map((urls) => ({ urls })),
    allowLocalPeers: values['allow-local-peers'],
    defaultMode: 'webrtc',
    trackers,
    swarmThroughTrackers: true,
  });
  const magnet = magnetLink({ ...info, trackers, ...(values['name-signaling'] ? { signalingServers: signalingUrls } : {}) });
  const calls = engine.connectClient({ snapshot: ({ sessions: [session] }) => session && showSession(session) }, stop.signal);
  const { sessionId } = await calls.openSession({ magnet });
  console.log(
    `Sharing ${info.name} (${info.totalBytes} bytes, ${info.pieceCount} pieces) through ${[...signalingUrls, ...trackers].join(', ')}`,
  );
  console.log(magnet);
  await calls.watch({ kind: 'session', sessionId });
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  await engine.close();
}

function kilobytes(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error('--upload-limit is a whole number of kilobytes a second, 1 or more.');
  return Number(text) * 1000;
}

function showProgress(): (hashedBytes: number, totalBytes: number) => void {
  let shownPercent = 0;
  return (hashedBytes, totalBytes) => {
    const percent = Math.floor((hashedBytes / totalBytes) * 10) * 10;
    if (percent > shownPercent) console.log(`Hashing: ${percent} %`);
    shownPercent = percent;
  };
}

/** A line whenever something a person would want to know has changed. */
function showSession(session: SessionSnapshot): void {
  const signaling = session.signaling
    .map(({ url, state, reason }) => `${url}: ${reason === undefined ? state : noticeSentence(reason)}`)
    .join('; ');
  if (signaling !== shown.signaling) console.log(`Signaling: ${signaling}`);
  const advice = session.state.kind === 'failed' ? noticeSentence(session.state.advice) : '';
  if (advice !== shown.advice) console.error(`Not shared any more: ${advice}`);
  const connected = session.peers.filter(({ state }) => state === 'connected').length;
  const peers = `Peers: ${connected}`;
  if (peers !== shown.peers) console.log(`${peers}, uploaded ${session.totals.uploadedBytes} bytes`);
  Object.assign(shown, { signaling, peers, advice });
}
