import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fromHex } from '@/src/base/bytes';
import { readFilmTimes } from '@/src/ui/state/read-film-times';
import { filmPath } from '@/tests/support/films';

type Place = readonly [atS: number, atBytes: number];

interface Truth {
  readonly film: string;
  readonly durationS: number;
  /** `ffprobe -select_streams v -show_entries packet=pts_time,pos,flags`, of key pictures. */
  readonly keyPictures: readonly Place[];
  /** No more may be asked for. */
  readonly indexBytes: number;
}

const FILMS: readonly Truth[] = [
  {
    film: 'uneven/moov-at-end.mp4',
    durationS: 16,
    keyPictures: [
      [2, 18_156],
      [4, 34_784],
      [6, 51_555],
      [8, 68_227],
      [10, 125_927],
      [12, 169_719],
      [14, 212_908],
    ],
    indexBytes: 12_500,
  },
  {
    film: 'uneven/fragments.mp4',
    durationS: 16.08,
    keyPictures: [
      [2, 21_869],
      [4, 39_445],
      [6, 57_164],
      [8, 74_780],
      [10, 133_428],
      [12, 178_168],
      [14, 222_317],
    ],
    indexBytes: 1500,
  },
  {
    film: 'uneven/film.mkv',
    durationS: 16.021,
    keyPictures: [
      [2, 19_623],
      [4, 37_122],
      [6, 54_764],
      [8, 72_307],
      [10, 130_918],
      [12, 175_627],
      [14, 219_733],
    ],
    indexBytes: 700,
  },
  {
    film: 'faststart.mp4',
    durationS: 40,
    keyPictures: [
      [4, 209_426],
      [8, 384_408],
      [16, 726_086],
      [24, 1_068_118],
      [32, 1_419_930],
    ],
    indexBytes: 29_000,
  },
  {
    film: 'film.webm',
    durationS: 40.008,
    keyPictures: [
      [4, 173_918],
      [8, 348_143],
      [16, 692_216],
      [24, 1_035_839],
      [32, 1_385_429],
    ],
    indexBytes: 1100,
  },
];

async function open({ film, durationS }: Truth) {
  const bytes = new Uint8Array(await readFile(filmPath(film)));
  const asked: { startBytes: number; endBytes: number }[] = [];
  const times = await readFilmTimes({ lengthBytes: bytes.length, durationS }, async (startBytes, lengthBytes) => {
    asked.push({ startBytes, endBytes: startBytes + lengthBytes });
    return new DataView(bytes.buffer, startBytes, lengthBytes);
  });
  if (times === undefined) throw new Error('the film has an index');
  return { bytes, asked, times };
}

describe.each(FILMS)('of $film', (truth) => {
  const { durationS, keyPictures, indexBytes } = truth;

  test('each key picture is where ffprobe says it is, and of bytes before it what is before it is shown', async () => {
    const { times } = await open(truth);
    const measured = keyPictures.map(([, endBytes]) => times([{ startBytes: 0, endBytes }]));
    for (const [index, ranges] of measured.entries()) {
      expect(ranges).toHaveLength(1);
      expect(ranges[0]?.start).toBe(0);
      expect(Math.abs((ranges[0]?.end ?? 0) * durationS - (keyPictures[index]?.[0] ?? 0))).toBeLessThan(0.15);
    }
  });

  test('a stretch in its midst, and its end, are shown for themselves', async () => {
    const { times, bytes } = await open(truth);
    const [from, to, last] = [keyPictures[0], keyPictures[3], keyPictures.at(-1)];
    if (from === undefined || to === undefined || last === undefined) throw new Error('there are as many');
    const ranges = times([
      { startBytes: from[1], endBytes: to[1] },
      { startBytes: last[1], endBytes: bytes.length },
    ]);
    const shown = ranges.flatMap(({ start, end }) => [start * durationS, end * durationS]);
    const expected = [from[0], to[0], last[0], durationS];
    expect(shown).toHaveLength(4);
    for (const [index, seconds] of shown.entries()) expect(Math.abs(seconds - (expected[index] ?? 0))).toBeLessThan(0.15);
  });

  test('the whole of it is one run from end to end, nothing of it is none', async () => {
    const { times, bytes } = await open(truth);
    expect(times([{ startBytes: 0, endBytes: bytes.length }])).toEqual([{ start: 0, end: 1 }]);
    expect(times([])).toEqual([]);
  });

  test('its media are not looked at', async () => {
    const { asked } = await open(truth);
    expect(asked.reduce((sum, { startBytes, endBytes }) => sum + endBytes - startBytes, 0)).toBeLessThan(indexBytes);
  });
});

/** A film with these bytes at its beginning and nothing behind them. */
async function readHostile(head: Uint8Array<ArrayBuffer>, lengthBytes = head.length) {
  const asked: number[] = [];
  const times = await readFilmTimes({ lengthBytes, durationS: 16 }, async (startBytes, partBytes) => {
    asked.push(partBytes);
    const bytes = new Uint8Array(partBytes);
    bytes.set(head.subarray(startBytes, startBytes + partBytes));
    return new DataView(bytes.buffer);
  });
  return { times, asked };
}

function box(type: string, ...content: readonly (number | readonly number[])[]): number[] {
  const bytes = content.flat();
  return [...fourBytes(bytes.length + 8), ...new TextEncoder().encode(type), ...bytes];
}

function fourBytes(integer: number): number[] {
  return [24, 16, 8, 0].map((shift) => (integer >>> shift) & 255);
}

interface Tables {
  readonly chunks: readonly number[];
  readonly samplesOfChunk: number;
  readonly samples: number;
  /** Samples and ticks. */
  readonly lasting: readonly (readonly [number, number])[];
  readonly ticksPerSecond: number;
  /** The last bit: enabled. */
  readonly flags: number;
}

/** A film of one track, each of whose samples is one byte. */
function mp4(change: Partial<Tables>): Uint8Array<ArrayBuffer> {
  const { chunks, samplesOfChunk, samples, lasting, ticksPerSecond, flags } = {
    chunks: [0, 16],
    samplesOfChunk: 8,
    samples: 16,
    lasting: [[16, 1]] as const,
    ticksPerSecond: 1,
    flags: 3,
    ...change,
  };
  const table = (type: string, ...entries: readonly (readonly number[])[]): number[] =>
    box(type, fourBytes(0), fourBytes(entries.length), entries.flat().flatMap(fourBytes));
  const tables = [
    table('stco', ...chunks.map((at) => [at])),
    table('stsc', [1, samplesOfChunk, 1]),
    table('stts', ...lasting),
    box('stsz', fourBytes(0), fourBytes(1), fourBytes(samples)),
  ].flat();
  const header = box('mdhd', fourBytes(0), fourBytes(0), fourBytes(0), fourBytes(ticksPerSecond));
  const handler = box('hdlr', fourBytes(0), fourBytes(0), [...new TextEncoder().encode('vide')]);
  return new Uint8Array(
    box('moov', box('trak', box('tkhd', fourBytes(flags)), box('mdia', header, handler, box('minf', box('stbl', tables))))),
  );
}

describe('what a stranger made up', () => {
  test('is an index where its tables are sound', async () => {
    const { times } = await readHostile(mp4({}));
    expect(times?.([{ startBytes: 0, endBytes: 16 }])).toEqual([{ start: 0, end: 0.5 }]);
  });

  test.each<[string, Partial<Tables>]>([
    ['more samples than anybody counts', { samples: 2 ** 32 - 1, samplesOfChunk: 2 ** 31, lasting: [[2 ** 32 - 1, 1]] }],
    ['chunks of more samples than there are', { samplesOfChunk: 2 ** 32 - 1 }],
    ['chunks of none', { samplesOfChunk: 0 }],
    ['chunks behind the end of the file', { chunks: [0, 2 ** 32 - 1] }],
    ['samples that last for no time', { lasting: Array.from({ length: 1000 }, () => [0, 1] as const) }],
    ['seconds of no ticks', { ticksPerSecond: 0 }],
    ['another length than the film has', { ticksPerSecond: 3 }],
    ['no chunks', { chunks: [] }],
    ['no track that is played', { flags: 2 }],
  ])('is none with %s', async (_what, change) => {
    const { times } = await readHostile(mp4(change));
    expect(times).toBeUndefined();
  });

  test('is none where chunks that go back and forth are more than the seek bar can show', async () => {
    const chunks = Array.from({ length: 20_000 }, (_, chunk) => (chunk % 2) * 8);
    const { times } = await readHostile(
      mp4({ chunks, samplesOfChunk: 1, samples: 20_000, lasting: [[20_000, 16]], ticksPerSecond: 20_000 }),
    );
    expect(times).toBeUndefined();
  });

  test('is not read when it is longer than an index is', async () => {
    const { times, asked } = await readHostile(new Uint8Array([...fourBytes(2 ** 31), ...new TextEncoder().encode('moov')]), 2 ** 32);
    expect(times).toBeUndefined();
    expect(asked).toEqual([8, 16]);
  });

  test('is not followed from box to box, or from element to element, for ever', async () => {
    const boxes = await readHostile(new Uint8Array(Array.from({ length: 1000 }, () => box('free')).flat()));
    const voids = await readHostile(fromHex(`1a45dfa380 18538067ff ${'ec80'.repeat(1000)}`.replaceAll(' ', '')));
    expect([boxes.times, voids.times]).toEqual([undefined, undefined]);
    expect([boxes.asked.length, voids.asked.length]).toEqual([65, 67]);
  });

  test.each([
    ['in themselves', '00'],
    ['behind the end', 'c8'],
  ])('is no index where its cues are said to lie %s', async (_where, position) => {
    const seekHead = `114d9b748e 4dbb8b 53ab841c53bb6b 53ac81${position}`;
    const cluster = '1f43b67580';
    const { times, asked } = await readHostile(fromHex(`1a45dfa380 18538067ff ${seekHead} ${cluster}`.replaceAll(' ', '')));
    expect(times).toBeUndefined();
    expect(asked.length).toBeLessThan(10);
  });

  test.each(['ID3\u0004', 'OggS', 'fLaC', 'RIFF'])('is no index of a file that begins with %s', async (magic) => {
    const { times } = await readHostile(new Uint8Array([...new TextEncoder().encode(magic), ...new Uint8Array(1000)]));
    expect(times).toBeUndefined();
  });
});
