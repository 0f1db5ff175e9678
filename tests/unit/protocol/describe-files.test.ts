import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeTorrent } from '@/src/host/node-torrent';
import { TORRENT_KINDS, type TorrentKind } from '@/src/protocol/content-hasher';
import { inTreeOrder } from '@/src/protocol/create-torrent';
import { describeFiles, inNameOrder, type DescribeFilesOptions } from '@/src/protocol/describe-files';
import { fakeFilm } from '@/tests/support/local-swarm';

const sha1 = async (bytes: Uint8Array): Promise<Uint8Array> => createHash('sha1').update(bytes).digest();
const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> => createHash('sha256').update(bytes).digest();

const never = (): never => {
  throw new Error('was read');
};

function options(change: Partial<DescribeFilesOptions> = {}): DescribeFilesOptions {
  const file = new File([fakeFilm(100_000)], 'film.mp4', { lastModified: 1 });
  const files = [{ path: ['film.mp4'], file }];
  const { signal } = new AbortController();
  return { kind: 'v1', name: 'film.mp4', single: true, files, sha1, sha256, onProgress: () => undefined, signal, ...change };
}

test.each(TORRENT_KINDS)(
  'a folder is the same %s torrent in a page as in the seeder: files of more than one read, empty ones',
  async (kind) => {
    const folder = await mkdtemp(join(tmpdir(), 'describe-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const contents = {
      'b/two.bin': fakeFilm(5_000_000, 2),
      'a.bin': fakeFilm(9_100_000),
      'b/empty.txt': new Uint8Array(0),
      'b-1': fakeFilm(7),
    };
    const files = [];
    for (const [path, bytes] of Object.entries(contents)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
      files.push({ path: path.split('/'), file: new File([bytes], path) });
    }
    const progress: number[] = [];
    const name = folder.split('/').at(-1) ?? '';
    const described = await describeFiles(
      options({ kind, name, single: false, files: inNameOrder(files), onProgress: (bytes) => progress.push(bytes) }),
    );
    const seeded = await describeTorrent(folder, () => undefined, kind);
    expect(described.info).toEqual(seeded.info);
    expect(described.hashes).toEqual(seeded.hashes);
    expect(progress.at(-1)).toBe(14_100_007);
    expect(progress.length).toBeGreaterThan(2);
  },
);

test.each<[string, Partial<DescribeFilesOptions>, string]>([
  ['nothing', { files: [] }, 'shareNoFile'],
  ['empty files', { files: [{ path: ['a'], file: new File([], 'a') }] }, 'shareAllEmpty'],
  [
    'two files of one name',
    { single: false, files: ['x', 'y'].map((text) => ({ path: ['a'], file: new File([text], 'a') })) },
    'shareSameName',
  ],
  [
    'two names that are one once they are written',
    { single: false, files: ['\ud800', '\ud801'].map((name) => ({ path: [name], file: new File(['x'], 'x') })) },
    'shareSameName',
  ],
  [
    'a file named as a folder is',
    { single: false, files: [['a', 'b'], ['a']].map((path) => ({ path, file: new File(['x'], 'x') })) },
    'shareFolderName (name: a)',
  ],
  ['a name that viewers refuse', { name: '..' }, 'shareBadName'],
  ['a path that viewers refuse', { single: false, files: [{ path: ['..', 'a'], file: new File(['x'], 'x') }] }, 'shareBadName'],
  [
    'too many files',
    { single: false, files: Array.from({ length: 100_001 }, (_, index) => ({ path: [`${index}`], file: new File(['x'], 'x') })) },
    'shareTooManyFiles',
  ],
])('of %s it says what is wrong before it reads, in every format', async (_, change, said) => {
  for (const kind of TORRENT_KINDS) {
    await expect(describeFiles(options({ ...change, kind, sha1: never, sha256: never }))).rejects.toThrow(said);
  }
});

test('names longer than a description may be are refused before anything is read; a hybrid torrent has each name twice', async () => {
  const files = Array.from({ length: 23_000 }, (_, index) => ({ path: [`${index}`.padStart(240, 'x')], file: new File(['x'], 'x') }));
  const many = { single: false, files, sha1: never, sha256: never } as const;
  await expect(describeFiles(options({ ...many, kind: 'hybrid' }))).rejects.toThrow('shareTooManyFiles');
  await expect(describeFiles(options({ ...many, kind: 'v1' }))).rejects.toThrow('was read');
});

interface Sample {
  readonly name: string;
  /** Length and seed of each file, by its path; of a single file its own name. */
  readonly files: readonly (readonly [path: string, lengthBytes: number, seed: number])[];
  readonly v1: string;
  /** Left out where libtorrent puts padding behind an empty file, not before it. */
  readonly hybrid?: readonly [v1: string, v2: string];
  readonly v2: string;
  /** SHA-256 of the bencoded `piece layers`. */
  readonly layers: string;
}

/*
 * What libtorrent 2.0.8 makes of the same bytes, with the piece lengths that `choosePieceLength` gives and the flags `v1_only`,
 * `canonical_files_no_tail_padding` and `v2_only`: an implementation of BEP 52 we share no code with.
 */
const SAMPLES: readonly Sample[] = [
  {
    name: 'one.bin',
    files: [['one.bin', 1, 1]],
    v1: 'fc922a26ddd35f8b2bfe8d4e338ad37012273b60',
    hybrid: ['6b4a027e98807147800fab76f68a68ab4fb63e74', '30114e65b0ba0b8b8759d35945ae53fafd6c9f01c27be276aebbedf9ebd1e463'],
    v2: '012b9cfef34e087631e034467f9db57b93a856fd767b921e63a3d8a5ec3245a5',
    layers: '959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578',
  },
  {
    name: 'piece.bin',
    files: [['piece.bin', 16_384, 2]],
    v1: '2b369f1de57b13fdfe90093ca8b6850e4d4351ef',
    hybrid: ['cbaea7d776529308089d02882a22b46fb4893ef2', '976cb479bdae62a3beae590d84b8bbf6595485e1494223e28357347ca0fd11c5'],
    v2: 'fa4e9f170a5a4c52e7ef30cb75182444939daeb1192dbd52a33acf82d42eb52f',
    layers: '959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578',
  },
  {
    name: 'film.bin',
    files: [['film.bin', 33_000_001, 3]],
    v1: 'dbe038e36e277473c59de32e7ac16a3ffe8cc6cd',
    hybrid: ['fc2b9c8b917f47cd090eeb916fcdae0342aed014', 'b5051ad33cbfe8c5da3f0603a8149981c7c603f31d157f776029080f88c33bd3'],
    v2: 'be1d3e989da96f5763a3834db87e49c9df6812ef5f9c6bf1347dfe2211d07183',
    layers: '452c561afe10a895ad1f0e11111254451845b3430407b21811a493420414020a',
  },
  {
    // Pieces of 32 KiB: files of a block, of less than one, of a piece and a byte; two with the same bytes; an empty one at the end.
    name: 'Folder',
    files: [
      ['a', 16_384, 4],
      ['c', 1, 5],
      ['d', 32_769, 6],
      ['sub/e', 5000, 7],
      ['sub/f', 16_384, 4],
      ['z', 32_800_000, 8],
      ['zz', 0, 1],
    ],
    v1: '48c4b5041a49c310855ac03e407a98a3fd2b02e1',
    hybrid: ['bbf0f51dc93f9e3e3405322672f132ad10710d0f', '5fc751088967ea633bda51b5c64ad930e4ae1f2132f1e5827b675c1cc02c8ba1'],
    v2: '38b4041135f3a433ac8cab4e2f7c77f1615d52e9628bd50fb179364282f01ee8',
    layers: 'fc944f891fbcd453d48fc9813962e994bf491cf23ff39a0f93255a0969ae55c0',
  },
  {
    // Names whose order by bytes is not the one by characters.
    name: 'Small',
    files: [
      ['a.b', 100, 1],
      ['a/z', 20_000, 2],
      ['a/B', 16_384, 3],
      ['\u{1f600}', 40_000, 4],
      ['\uffee', 7, 5],
      ['é.srt', 3, 6],
    ],
    v1: 'c67ecb612984586266cac668575787aaac04c6c9',
    hybrid: ['3adac0def3161a9da7423875e1b83c95f1ec9dcc', 'abdd873a0b18b3e7e30c73d23862d66aae3de768767c423c3c018ed100ce91f2'],
    v2: '218cf457dd1df7cfca0f9ce1de0daaf22ea340b27c6562c6d4e2fbf56975f0a2',
    layers: '327872004bae23b10bf0062d172c4123bb958d7e5789f7dc8c5a1d67df74c039',
  },
  {
    name: 'Empties',
    files: [
      ['a', 16_385, 1],
      ['b', 0, 1],
      ['c', 1, 2],
      ['d', 0, 1],
    ],
    v1: '9324d22dfb1010b914778b3ff6d49d3f216f3cc4',
    v2: 'e1d2a6c3dfd76eba7bf85c2b36fbc3bf8d5f659c3dccfd24969cd6db1a8acdcc',
    layers: 'b709e3c3fa91bef53fa4ce66b7d4d9cade56002adcbf78c3ef5a341ed3b6a0af',
  },
];

function describeSample({ name, files }: Sample, kind: TorrentKind, order: 'tree' | 'reversed') {
  const named = inTreeOrder(
    files.map(([path, lengthBytes, seed]) => ({ path: path.split('/'), file: new File([fakeFilm(lengthBytes, seed)], path) })),
  );
  const single = files.length === 1;
  return describeFiles(options({ kind, name, single, files: order === 'tree' ? named : named.toReversed() }));
}

test.each(SAMPLES)(
  'M6: $name has the info hashes and piece layers libtorrent gives it, whatever order its files come in',
  async (sample) => {
    const v1 = await describeSample(sample, 'v1', 'tree');
    expect([v1.info.infoHash, v1.info.infoHashV2, v1.hashes]).toEqual([sample.v1, undefined, undefined]);
    const v2 = await describeSample(sample, 'v2', 'reversed');
    expect([v2.info.infoHashV1, v2.info.infoHashV2]).toEqual([undefined, sample.v2]);
    expect(
      createHash('sha256')
        .update(v2.hashes ?? '')
        .digest('hex'),
    ).toBe(sample.layers);
    const hybrid = await describeSample(sample, 'hybrid', 'reversed');
    if (sample.hybrid !== undefined) expect([hybrid.info.infoHashV1, hybrid.info.infoHashV2]).toEqual(sample.hybrid);
    // Both versions lay out the same run of bytes.
    expect(hybrid.info.files).toEqual(v2.info.files);
  },
);

test('the files go to the engine in the order of the torrent', async () => {
  const [, , , , small] = SAMPLES;
  if (small === undefined) throw new Error('there is such a sample');
  const { info, files } = await describeSample(small, 'v2', 'reversed');
  const lengths = info.files.filter(({ padding }) => !padding).map(({ lengthBytes }) => lengthBytes);
  expect(files.map(({ size }) => size)).toEqual(lengths);
});

test('many small files are described without reading what lies between them', async () => {
  const reads: number[] = [];
  const progress: number[] = [];
  const large = new File([fakeFilm(33_000_000)], 'a-large');
  const small = Array.from({ length: 3000 }, (_, index) => ({ path: [`b${index}`], file: new File(['x'], 'x') }));
  const { info } = await describeFiles(
    options({
      kind: 'v2',
      single: false,
      files: [{ path: ['a-large'], file: large }, ...small],
      sha256: async (bytes) => {
        reads.push(bytes.length);
        return sha256(bytes);
      },
      onProgress: (bytes, whole) => progress.push(bytes, whole),
    }),
  );
  expect(info.pieceCount).toBe(Math.ceil(33_000_000 / info.pieceLengthBytes) + 3000);
  expect(reads.reduce((total, length) => total + length)).toBe(33_003_000);
  expect(progress.slice(-2)).toEqual([33_003_000, 33_003_000]);
});

test('a file that changes, shrinks or cannot be read meanwhile is named', async () => {
  const bytes = fakeFilm(100_000);
  const read = (lengthBytes: number) => ({ slice: () => ({ arrayBuffer: async () => bytes.buffer.slice(0, lengthBytes) }) });
  let touched = 0;
  const touchedFile = {
    ...read(100_000),
    size: 100_000,
    get lastModified() {
      return touched++;
    },
  };
  const unreadable = { size: 9, lastModified: 1, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) };
  for (const [index, file] of [touchedFile, { ...read(5), size: 9, lastModified: 1 }, unreadable].entries()) {
    const kind = TORRENT_KINDS[index] ?? 'v1';
    await expect(describeFiles(options({ kind, single: false, files: [{ path: ['sub', 'film.mp4'], file }] }))).rejects.toThrow(
      /^share(?:Changed|Unreadable) \(name: sub\/film\.mp4\)/,
    );
  }
});

test.each(TORRENT_KINDS)('it ends as soon as it is cancelled: %s', async (kind) => {
  const abort = new AbortController();
  const file = new File([fakeFilm(9_000_000)], 'film.mp4');
  let reports = 0;
  const describing = describeFiles(
    options({
      kind,
      files: [{ path: ['film.mp4'], file }],
      signal: abort.signal,
      onProgress: () => {
        reports++;
        abort.abort(new Error('cancelled'));
      },
    }),
  );
  await expect(describing).rejects.toThrow('cancelled');
  expect(reports).toBe(1);
});
