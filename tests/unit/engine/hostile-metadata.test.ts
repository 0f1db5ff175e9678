import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bytes } from '@/src/base/bytes';
import { parseInfoHash } from '@/src/protocol/ids';
import { writeBencode, type BencodeWritable } from '@/src/protocol/write-bencode';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { fakeFilm } from '@/tests/support/local-swarm';
import { v1Contents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly } from '@/tests/support/virtual-swarm/seeder-answers';
import { VirtualSwarm } from '@/tests/support/virtual-swarm/virtual-swarm';

/**
 * Links to descriptions that are what their hash says, and were made to do harm. Such a film fails in words, nothing of it is stored, and
 * nobody is blamed: a peer can only pass on what the link is for.
 */

const UNIT = 16 * 1024;
const film = fakeFilm(4 * UNIT);
const GOOD = v1Contents(film, UNIT);

let swarm: VirtualSwarm;

afterEach(async () => {
  await swarm.close();
});

type Entries = readonly (readonly [string, BencodeWritable])[];

function dictionary(...entries: Entries): Bytes {
  return writeBencode(new Map(entries));
}

/** One piece of one file, but for what is said otherwise. */
function v1(...changes: Entries): Bytes {
  return dictionary(
    ...new Map<string, BencodeWritable>([
      ['name', 'film.mp4'],
      ['piece length', UNIT],
      ['pieces', new Uint8Array(20)],
      ['length', 100],
      ...changes,
    ]),
  );
}

function folder(path: readonly string[], length = 100): Bytes {
  const file = new Map<string, BencodeWritable>([
    ['length', length],
    ['path', path],
  ]);
  return dictionary(['name', 'films'], ['piece length', UNIT], ['pieces', new Uint8Array(20)], ['files', [file]]);
}

function v2(tree: BencodeWritable, pieceLengthBytes = UNIT): Bytes {
  return dictionary(['name', 'film.mp4'], ['piece length', pieceLengthBytes], ['meta version', 2], ['file tree', tree]);
}

function treeFile(length: number, root = new Uint8Array(32).fill(1)): BencodeWritable {
  const entry = new Map<string, BencodeWritable>([
    ['length', length],
    ['pieces root', root],
  ]);
  return new Map([['', entry]]);
}

/** Written by hand: our own writer would run out of stack. */
const DEEP = new TextEncoder().encode(`d1:z${'l'.repeat(50_000)}${'e'.repeat(50_000)}e`);

describe('a description', () => {
  test.each<[string, Bytes]>([
    ['whose name leads upwards', v1(['name', '..'])],
    ['whose name is a path', v1(['name', '../../.bashrc'])],
    ['without a name', v1(['name', ''])],
    ['whose name ends early for other programs', v1(['name', 'film.mp4\0.exe'])],
    ['with a file outside of its folder', folder(['..', 'film.mp4'])],
    ['with a file at the root of a disk of Windows', folder(['\\film.mp4'])],
    ['with a file in too many folders', folder(Array.from({ length: 65 }, () => 'a'))],
    ['with a file in no folder', folder([])],
    ['of no bytes', v1(['length', 0], ['pieces', new Uint8Array()])],
    ['of fewer than no bytes', v1(['length', -1])],
    ['of more bytes than there are disks', v1(['length', 2 ** 53 - 1])],
    ['with more pieces than its length has', v1(['pieces', new Uint8Array(40)])],
    ['with pieces of no bytes', v1(['piece length', 0])],
    ['with pieces that fill the memory', v1(['piece length', 128 * 1024 * 1024])],
    [
      'of more files than a list can show',
      dictionary(
        ['name', 'films'],
        ['piece length', UNIT],
        ['pieces', new Uint8Array(20)],
        ['files', Array.from({ length: 100_001 }, () => new Map())],
      ),
    ],
    ['that is deeper than a stack', DEEP],
    ['that is no dictionary', writeBencode([1, 2])],
    ['of another version', v1(['meta version', 3])],
    ['of v2 with more pieces than there is memory for', v2(new Map([['a', treeFile(2 ** 49)]]))],
    ['of v2 with a root of zeros', v2(new Map([['a', treeFile(100, new Uint8Array(32))]]))],
    ['of v2 with an empty folder', v2(new Map([['a', new Map()]]))],
    ['of v2 whose file leads upwards', v2(new Map([['..', treeFile(100)]]))],
  ])('%s', async (_, infoBytes) => {
    const infoHash = parseInfoHash(createHash('sha1').update(infoBytes).digest('hex')) ?? GOOD.info.infoHash;
    const contents = { ...GOOD, info: { ...GOOD.info, infoHash, infoBytes } };
    swarm = new VirtualSwarm(contents);
    const store = createMemoryChunkStore();
    const victim = await swarm.join({}, store);
    let closed = 0;
    swarm.hostile((connection) => {
      const answers = new SeederAnswers(contents);
      connection.hello(infoBytes.length);
      connection.listen({
        onControl(message) {
          for (const one of singly(message)) {
            const answer = answers.to(one);
            if (answer !== undefined) connection.link.send(answer.channel, answer.frame);
          }
        },
        onClose: () => void closed++,
      });
    });
    const { state, files } = await swarm.until(victim, ({ state: { kind } }) => kind === 'failed');
    expect(state).toMatchObject({ kind: 'failed', code: 'bad-metadata', advice: { name: expect.stringMatching(/^torrent/) as string } });
    expect(files).toBeUndefined();
    expect(await store.list()).toEqual([]);
    expect(closed).toBeLessThanOrEqual(1);
  });
});
