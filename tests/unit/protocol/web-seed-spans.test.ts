import { describe, expect, test } from 'vitest';
import { buildInfoDictionary } from '@/src/protocol/create-torrent';
import { PieceHasher } from '@/src/protocol/piece-hasher';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { fileSpans, isFolderTorrent, webSeedFileUrl } from '@/src/protocol/web-seed-spans';

const PIECE = 16_384;

function torrent(name: string, files: readonly { path: readonly string[]; lengthBytes: number }[], single: boolean): TorrentInfo {
  const hasher = new PieceHasher(PIECE);
  hasher.update(new Uint8Array(files.reduce((total, { lengthBytes }) => total + lengthBytes, 0)));
  return buildInfoDictionary({ name, files, pieceLengthBytes: PIECE, pieceHashes: hasher.finish(), single });
}

const single = torrent('a film.mp4', [{ path: ['a film.mp4'], lengthBytes: 1000 }], true);
const folder = torrent(
  'Films & more',
  [
    { path: ['one.mp4'], lengthBytes: 100 },
    { path: ['empty'], lengthBytes: 0 },
    { path: ['sub titles', 'één#?.srt'], lengthBytes: 50 },
  ],
  false,
);

function urlOf(info: TorrentInfo, seed: string, index: number): string {
  const file = info.files[index];
  return file === undefined ? '' : webSeedFileUrl(info, isFolderTorrent(info), seed, file);
}

describe('where a web seed keeps a file (BEP 19)', () => {
  test('a single file is the address itself, or lies below one that ends with a slash', () => {
    expect(urlOf(single, 'http://a.example/x?y=1', 0)).toBe('http://a.example/x?y=1');
    expect(urlOf(single, 'http://a.example/films/', 0)).toBe('http://a.example/films/a%20film.mp4');
  });

  test('files of a folder lie below it, each step encoded', () => {
    expect(urlOf(folder, 'http://a.example/', 0)).toBe('http://a.example/Films%20%26%20more/one.mp4');
    expect(urlOf(folder, 'http://a.example/pub', 2)).toBe('http://a.example/pub/Films%20%26%20more/sub%20titles/%C3%A9%C3%A9n%23%3F.srt');
  });

  test('a folder of one file is still a folder', () => {
    const lone = torrent('film', [{ path: ['film'], lengthBytes: 10 }], false);
    expect(isFolderTorrent(lone)).toBe(true);
    expect(isFolderTorrent(single)).toBe(false);
    expect(urlOf(lone, 'http://a.example/', 0)).toBe('http://a.example/film/film');
  });

  test('a fragment is no part of it, and half a surrogate pair does no harm', () => {
    expect(urlOf(single, 'http://a.example/x#y', 0)).toBe('http://a.example/x');
    const [file] = folder.files;
    expect(file === undefined ? '' : webSeedFileUrl({ name: '\ud800' }, true, 'http://a.example/', file)).toBe(
      'http://a.example/%EF%BF%BD/one.mp4',
    );
  });
});

describe('a run of bytes', () => {
  test('is cut at the ends of files, empty ones left out', () => {
    expect(fileSpans(folder, 90, 30).map(({ file, startBytes, lengthBytes }) => [file.index, startBytes, lengthBytes])).toEqual([
      [0, 90, 10],
      [2, 0, 20],
    ]);
  });

  test('inside one file is one piece', () => {
    expect(fileSpans(folder, 120, 30)).toMatchObject([{ startBytes: 20, lengthBytes: 30 }]);
  });
});
