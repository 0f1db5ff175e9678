import { expect, test } from 'vitest';
import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';
import { parseMagnet } from '@/src/protocol/magnet';
import { magnetOfTorrentFile } from '@/src/ui/state/torrent-file-magnet';
import english from '@/locales/en.json';

const TRACKER = 'wss://tracker.example.org/';
const SEED = 'https://seed.example.org/film.mp4';

function torrent(): File {
  const info = `d6:lengthi5e4:name4:film12:piece lengthi16384e6:pieces20:${'x'.repeat(20)}e`;
  return new File([`d8:announce${TRACKER.length}:${TRACKER}4:info${info}8:url-list${SEED.length}:${SEED}e`], 'film.torrent');
}

test('a torrent file becomes a magnet link with its name, trackers and web seeds', async () => {
  const result = await magnetOfTorrentFile(torrent());
  const parsed = result.ok ? parseMagnet(result.magnet) : undefined;
  expect(parsed).toMatchObject({ ok: true, magnet: { name: 'film', trackers: [TRACKER], webSeeds: [SEED] } });
});

test('what is too large is not read at all, and what is no torrent is told in words', async () => {
  const large = { size: MAX_TORRENT_FILE_BYTES + 1, arrayBuffer: () => Promise.reject(new Error('read')) };
  expect(await magnetOfTorrentFile(large)).toMatchObject({ ok: false, sentence: expect.stringContaining('10 MiB') });
  expect(await magnetOfTorrentFile(new File(['nothing'], 'a.torrent'))).toEqual({ ok: false, sentence: english.notice.notTorrentFile });
});
