import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildInfoDictionary, choosePieceLength, type TorrentContents } from '@/src/protocol/create-torrent';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import { NoticeError } from '@/src/protocol/notice';

const KIB = 1024;
const MIB = KIB * KIB;
const contents: TorrentContents = {
  name: 'Film',
  files: [
    { path: ['Film.mkv'], lengthBytes: 20_000 },
    { path: ['Subs', 'grün.srt'], lengthBytes: 20_000 },
  ],
  pieceLengthBytes: 16 * KIB,
  pieceHashes: new Uint8Array(60).fill(0x68),
  single: false,
};

describe('an info dictionary of our own', () => {
  test('is the one any other program makes of the same files', () => {
    const files = 'ld6:lengthi20000e4:pathl8:Film.mkveed6:lengthi20000e4:pathl4:Subs9:grün.srteee';
    const expected = new TextEncoder().encode(`d5:files${files}4:name4:Film12:piece lengthi16384e6:pieces60:${'h'.repeat(60)}e`);
    const info = buildInfoDictionary(contents);
    expect(info.infoBytes).toEqual(expected);
    expect(info.infoHash).toBe(createHash('sha1').update(expected).digest('hex'));
    expect(parseInfoDictionary(info.infoBytes, info.infoHash)).toEqual({ ok: true, info });
  });

  test('of a single file has its length and no path', () => {
    const info = buildInfoDictionary({ ...contents, name: 'Film.mkv', files: [{ path: ['Film.mkv'], lengthBytes: 40_000 }], single: true });
    expect(info.files).toEqual([{ index: 0, path: ['Film.mkv'], lengthBytes: 40_000, offsetBytes: 0, padding: false }]);
    expect(new TextDecoder().decode(info.infoBytes)).toMatch(/^d6:lengthi40000e4:name8:Film\.mkv12:piece length/);
  });

  test.each<[string, Partial<TorrentContents>]>([
    ['a name that leads out of its folder', { name: '../Film' }],
    ['a path that leads out of its folder', { files: [{ path: ['..'], lengthBytes: 40_000 }] }],
    ['no files', { files: [] }],
    ['hashes that do not fit the length', { pieceHashes: new Uint8Array(40) }],
    ['a piece length off the grid of blocks', { pieceLengthBytes: 1000 }],
  ])('is not made with %s', (_, change) => {
    expect(() => buildInfoDictionary({ ...contents, ...change })).toThrow(NoticeError);
  });
});

describe('the piece length', () => {
  test.each([
    [1, 16 * KIB],
    [4 * MIB, 16 * KIB],
    [2000 * 16 * KIB, 16 * KIB],
    [2000 * 16 * KIB + 1, 32 * KIB],
    [100 * MIB, 64 * KIB],
    [1024 * MIB, 1024 * KIB],
    [1_000_000_000, 512 * KIB],
    [8 * 1024 * MIB, 8 * MIB],
    [2 ** 50, 16 * MIB],
  ])('for %i bytes is %i', (totalBytes, pieceLengthBytes) => {
    expect(choosePieceLength(totalBytes)).toBe(pieceLengthBytes);
  });
});
