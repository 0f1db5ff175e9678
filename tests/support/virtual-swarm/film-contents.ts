import { createHash } from 'node:crypto';
import type { Bytes } from '@/src/base/bytes';
import { ContentHasher } from '@/src/protocol/content-hasher';
import { parseInfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { writeBencode } from '@/src/protocol/write-bencode';
import { describeAs } from '@/tests/support/local-swarm';

/** What a seeder has. */
export interface FilmContents {
  readonly info: TorrentInfo;
  readonly film: Bytes;
  /** Piece layers of a v2 torrent. */
  readonly hashes: Bytes | undefined;
}

export function v2Contents(film: Bytes, pieceLengthBytes: number): FilmContents {
  return { ...describeAs('v2', film, pieceLengthBytes), film };
}

/** A v1 torrent whose dictionary takes three parts to fetch. */
export function v1Contents(film: Bytes, pieceLengthBytes: number, name = 'film.bin'): FilmContents {
  const files = [{ path: [name], lengthBytes: film.length }];
  const hasher = new ContentHasher({ kind: 'v1', files, pieceLengthBytes, startHash: (algorithm) => createHash(algorithm) });
  hasher.update(film);
  hasher.endFile();
  const { pieceHashes = new Uint8Array() } = hasher.finish();
  const infoBytes = writeBencode(
    new Map<string, string | number | Uint8Array>([
      ['filler', new Uint8Array(40_000)],
      ['length', film.length],
      ['name', name],
      ['piece length', pieceLengthBytes],
      ['pieces', pieceHashes],
    ]),
  );
  const infoHash = parseInfoHash(createHash('sha1').update(infoBytes).digest('hex'));
  const result = infoHash === undefined ? undefined : parseInfoDictionary(infoBytes, infoHash);
  if (result?.ok !== true) throw new Error('the dictionary is in order');
  return { info: result.info, film, hashes: undefined };
}
