import MemoryChunkStore from 'memory-chunk-store';
import WebTorrent, { type TorrentOptions } from 'webtorrent/dist/webtorrent.min.js';
import type { PageMoment, PageRequest } from './page-request';

/*
 * WebTorrent 3 as its documentation says: stock bundle, stock tracker client, a service worker that streams to the element. Client and
 * service worker are ready before the click, which favours it: a page may prepare, an extension must not.
 */

const PROGRESS_MS = 5000;

const request = JSON.parse(decodeURIComponent(location.hash.slice(1))) as PageRequest;
const report = document.documentElement.dataset;
const options: TorrentOptions = {
  announce: [request.trackerUrl],
  ...(request.store === 'memory' ? { store: MemoryChunkStore } : {}),
};
const client = new WebTorrent({ tracker: { rtcConfig: { iceServers: [...request.iceServers] } } });
client.on('error', (error) => {
  report['failure'] = error.message;
});
if (request.magnet === undefined) share();
else await offer(request.magnet);

function share(): void {
  const input = element('#file', HTMLInputElement);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file === undefined) return;
    client.seed(file, { ...options, name: file.name }, ({ magnetURI }) => {
      report['magnet'] = magnetURI;
    });
  });
  report['ready'] = '';
}

async function offer(magnet: string): Promise<void> {
  await navigator.serviceWorker.register('/sw.min.js');
  client.createServer({ controller: await navigator.serviceWorker.ready });
  const button = element('#film', HTMLButtonElement);
  button.addEventListener('click', () => watch(magnet, Date.now()), { once: true });
  button.disabled = false;
  report['ready'] = '';
}

function watch(magnet: string, clickedAtMs: number): void {
  const mark = (moment: PageMoment | 'completeMs'): void => {
    report[moment] ??= String(Date.now() - clickedAtMs);
  };
  const torrent = client.add(magnet, options, ({ files: [film] }) => {
    if (!request.plays || film === undefined) return;
    const video = element('video', HTMLVideoElement);
    video.requestVideoFrameCallback(() => mark('firstFrameMs'));
    film.streamTo(video);
    video.play().catch((error: unknown) => {
      report['failure'] = String(error);
    });
  });
  setInterval(() => {
    report['progress'] = `${torrent.numPeers} peers, ${torrent.downloaded} of ${torrent.length} bytes`;
  }, PROGRESS_MS);
  globalThis.uploadedBytes = () => torrent.uploaded;
  torrent.once('metadata', () => mark('metadataMs'));
  torrent.once('verified', () => mark('firstPieceMs'));
  torrent.once('done', () => mark('completeMs'));
}

function element<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return found;
}
