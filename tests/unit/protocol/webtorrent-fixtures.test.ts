import { describe, expect, test } from 'vitest';
import fixtures from 'webtorrent-fixtures';
import { toHex } from '@/src/base/bytes';
import { parseTorrentFile } from '@/src/protocol/metainfo';
import { pieceHash, pieceSizeBytes } from '@/src/protocol/torrent-info';
import { isFolderTorrent } from '@/src/protocol/web-seed-spans';

/** The torrents that the WebTorrent library is tested with, read by our parser and by the library's own. */

const { corrupt, blocklist: _addresses, ...whole } = fixtures;

describe('a torrent of webtorrent-fixtures', () => {
  test.each(Object.entries(whole))('lists as the library’s own parser lists it: %s', (_name, { torrent, parsedTorrent: theirs }) => {
    const result = parseTorrentFile(torrent);
    if (!result.ok) throw new Error(result.message);
    const { info } = result;
    const folder = isFolderTorrent(info) ? [info.name] : [];
    expect({
      infoHash: info.infoHash,
      name: info.name,
      length: info.totalBytes,
      pieceLength: info.pieceLengthBytes,
      lastPieceLength: pieceSizeBytes(info, info.pieceCount - 1),
      pieces: Array.from({ length: info.pieceCount }, (_, piece) => toHex(pieceHash(info, piece))),
      files: info.files.map(({ path, lengthBytes, offsetBytes }) => ({
        path: [...folder, ...path].join('/'),
        length: lengthBytes,
        offset: offsetBytes,
      })),
      isPrivate: info.isPrivate,
      webSeeds: result.webSeeds,
    }).toEqual({
      infoHash: theirs.infoHash,
      name: theirs.name,
      length: theirs.length,
      pieceLength: theirs.pieceLength,
      lastPieceLength: theirs.lastPieceLength,
      pieces: theirs.pieces,
      files: theirs.files.map(({ path, length, offset }) => ({ path, length, offset })),
      isPrivate: theirs.private ?? false,
      webSeeds: theirs.urlList,
    });
  });

  test('without a name is refused with a sentence', () => {
    expect(parseTorrentFile(corrupt.torrent)).toEqual({
      ok: false,
      code: 'bad-info',
      notice: { name: 'torrentInvalid', values: {} },
      message: expect.stringContaining('its name is missing'),
    });
  });
});
