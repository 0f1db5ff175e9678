import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ensureFfmpeg } from './ffmpeg';
import { makeFilm } from './film';
import type { FilmRecipe } from './film';

/** The films the tests and the demo play. They are committed; run this only to change them, and commit what it wrote. */
const FOLDER = fileURLToPath(new URL('../tests/fixtures/films/', import.meta.url));

const base = { seconds: 40, codecs: 'h264-aac', videoBitsPerSecond: 250_000, size: '640x360' } as const;
const short = { ...base, seconds: 12 } as const;

const lacking = { ...base, seconds: 6, size: '320x180', videoBitsPerSecond: 300_000 } as const;

const subtitled = { ...base, seconds: 10, size: '320x180', videoBitsPerSecond: 100_000 } as const;

/** Its first half takes a fraction of the bytes of its second. */
const uneven = {
  ...base,
  seconds: 16,
  size: '320x180',
  videoBitsPerSecond: 160_000,
  audioBitsPerSecond: 24_000,
  stillS: 8,
  toneHertz: 831,
} as const;

const FILMS: readonly FilmRecipe[] = [
  { ...base, path: 'faststart.mp4', toneHertz: 440, containerArgs: ['-movflags', '+faststart'] },
  { ...base, path: 'moov-at-end.mp4', toneHertz: 494 },
  { ...base, path: 'film.mkv', toneHertz: 523 },
  { ...base, path: 'film.webm', codecs: 'vp9-opus', toneHertz: 587 },
  { ...uneven, path: 'uneven/moov-at-end.mp4' },
  { ...uneven, path: 'uneven/fragments.mp4', containerArgs: ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+global_sidx'] },
  { ...uneven, path: 'uneven/film.mkv' },
  { ...lacking, path: 'unheard.mkv', codecs: 'h264-ac3', toneHertz: 784 },
  { ...lacking, path: 'unseen.mp4', codecs: 'mpeg4-aac', toneHertz: 880 },
  { ...short, path: 'collection/part-1.mp4', toneHertz: 659, containerArgs: ['-movflags', '+faststart'] },
  { ...short, path: 'collection/part-2.mp4', toneHertz: 698, containerArgs: ['-movflags', '+faststart'] },
  { ...subtitled, path: 'subtitled/film.mp4', toneHertz: 740, containerArgs: ['-movflags', '+faststart'] },
];

const SUBTITLES = `1
00:00:01,000 --> 00:00:04,000
A test picture, moving.

2
00:00:05,000 --> 00:00:09,000
El reloj corre, el tono suena.

3
00:00:09,500 --> 00:00:11,500
<i>The end of the first part.</i>
`;

const ENGLISH = `1
00:00:01,000 --> 00:00:04,000
<i>A test picture</i>, moving.

2
00:00:05,000 --> 00:00:09,000
1 < 2 & so on
`;

/** As Windows saves it: its code page, and its ends of lines. */
const SPANISH = `WEBVTT

00:01.000 --> 00:04.000
¿Qué se mueve?

00:05.000 --> 00:09.000
Una imagen.
`.replaceAll('\n', '\r\n');

await ensureFfmpeg();
await rm(FOLDER, { recursive: true, force: true });
await mkdir(`${FOLDER}collection/subtitles`, { recursive: true });
await mkdir(`${FOLDER}uneven`);
await mkdir(`${FOLDER}subtitled`, { recursive: true });
for (const [index, film] of FILMS.entries()) {
  const path = `${FOLDER}${film.path}`;
  process.stdout.write(`[${index + 1}/${FILMS.length}] ${film.path} (some seconds) … `);
  await makeFilm({ ...film, path });
  console.log(`${(await stat(path)).size} bytes`);
}
await writeFile(`${FOLDER}collection/subtitles/part-1.srt`, SUBTITLES);
await writeFile(`${FOLDER}collection/subtitles/part-2.srt`, SUBTITLES.replace('first', 'second'));
await writeFile(`${FOLDER}subtitled/film.en.srt`, ENGLISH);
await writeFile(`${FOLDER}subtitled/film.es.vtt`, SPANISH, 'latin1');
