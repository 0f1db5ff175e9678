import * as v from 'valibot';
import { fromBase64Url, type Bytes } from '@/src/base/bytes';
import { overlayMessaging, type PlayerRequest } from '@/src/messaging/background-messages';
import { onPortMessage } from '@/src/messaging/port-messages';
import { torrentAnswer } from '@/src/messaging/switchboard-messages';
import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';
import type { TorrentMagnet } from '@/src/protocol/torrent-magnet';
import { engineSettings } from '@/src/settings/schema';
import { loadSettings } from '@/src/settings/settings-store';
import { reachEngine } from './offscreen-host';
import { openWelcome } from './own-pages';
import { TOP_FRAME_ID, type SenderPlace } from './sender-guard';
import { noticeWords } from './notice-words';

const MAX_BASE64_CHARS = Math.ceil((MAX_TORRENT_FILE_BYTES * 4) / 3);
/** The engine may die between being found and being asked. */
const ANSWER_TIMEOUT_MS = 20_000;

const fetchedTorrent = v.variant('ok', [
  v.object({ ok: v.literal(true), base64Url: v.pipe(v.string(), v.maxLength(MAX_BASE64_CHARS)) }),
  v.object({ ok: v.literal(false), message: v.pipe(v.string(), v.maxLength(200)) }),
]);

/** Plays what a .torrent file describes, in the page that links to it. Nothing is fetched before the viewer has agreed. */
export async function playTorrentLink({ tabId, frameId }: SenderPlace, url: string): Promise<void> {
  if (!engineSettings(await loadSettings()).consented) {
    await openWelcome();
    return;
  }
  const top = { tabId, frameId: TOP_FRAME_ID };
  const clickedAtMs = Date.now();
  const fileId = crypto.randomUUID();
  await overlayMessaging.sendMessage('overlayAwait', { fileId, sentence: chrome.i18n.getMessage('overlay_torrent_fetching') }, top);
  const result = await magnetBehind(url, { tabId, frameId });
  if (!result.ok) {
    await overlayMessaging.sendMessage('overlayExplain', { fileId, sentence: result.sentence }, top);
    return;
  }
  const request: PlayerRequest = { magnet: result.magnet, clickedAtMs };
  await overlayMessaging.sendMessage('overlayPlay', { ...request, fileId }, top);
}

type TorrentOfLink = { readonly ok: true; readonly magnet: string } | { readonly ok: false; readonly sentence: string };

async function magnetBehind(url: string, frame: SenderPlace): Promise<TorrentOfLink> {
  try {
    const fetched = v.parse(fetchedTorrent, await overlayMessaging.sendMessage('fetchTorrent', { url }, frame));
    if (!fetched.ok) return { ok: false, sentence: fetched.message };
    const read = await readTorrent(fromBase64Url(fetched.base64Url));
    return read === undefined || read.ok ? (read ?? unreadable()) : { ok: false, sentence: noticeWords(read.notice) };
  } catch {
    return unreadable();
  }
}

/** The engine reads such files anyway; here it would only make the worker slower to start. Answers undefined when it does not answer. */
async function readTorrent(bytes: Bytes): Promise<TorrentMagnet | undefined> {
  const engine = await reachEngine();
  const { port1: port, port2: enginePort } = new MessageChannel();
  const over = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const answer = new Promise<TorrentMagnet | undefined>((resolve) => {
    over.addEventListener('abort', () => resolve(undefined), { once: true });
    onPortMessage(port, torrentAnswer, over, resolve);
  });
  engine.post({ type: 'torrent', bytes, settings: engine.settings }, enginePort);
  return answer.finally(() => port.close());
}

function unreadable(): TorrentOfLink {
  return { ok: false, sentence: chrome.i18n.getMessage('overlay_torrent_unreadable') };
}
