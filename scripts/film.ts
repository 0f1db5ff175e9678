import { ffmpeg } from './ffmpeg';

export interface FilmRecipe {
  readonly path: string;
  readonly seconds: number;
  readonly codecs: keyof typeof CODEC_ARGS;
  readonly videoBitsPerSecond: number;
  /** 96,000 if not given. */
  readonly audioBitsPerSecond?: number;
  /** Pitch of the tone, which tells films apart by ear. */
  readonly toneHertz: number;
  /** Width and height in pixels, e.g. `640x360`. */
  readonly size: string;
  /** So long the picture stands still first, which takes next to no bytes. */
  readonly stillS?: number;
  /** More options for the container's writer. */
  readonly containerArgs?: readonly string[];
}

/** One thread and no version stamps: the same ffmpeg on the same machine writes the same bytes, and so the same info hash, every time. */
const REPRODUCIBLE = ['-threads', '1', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'];
/** A key frame every two seconds, so that a seek lands near where it was aimed. */
const KEY_FRAMES = ['-g', '48', '-keyint_min', '48'];

const CODEC_ARGS = {
  'h264-aac': ['-c:v', 'libx264', '-preset', 'medium', '-profile:v', 'high', '-c:a', 'aac'],
  'vp9-opus': ['-c:v', 'libvpx-vp9', '-deadline', 'good', '-cpu-used', '4', '-row-mt', '0', '-c:a', 'libopus'],
  // What Chromium cannot decode: the sound of the first, the picture of the second.
  'h264-ac3': ['-c:v', 'libx264', '-preset', 'medium', '-profile:v', 'high', '-c:a', 'ac3'],
  'mpeg4-aac': ['-c:v', 'mpeg4', '-c:a', 'aac'],
} as const;

/** Encodes ffmpeg's moving test picture, which shows a running timecode, with a tone that beeps once a second. Nobody else's work is in it. */
export function makeFilm(recipe: FilmRecipe): Promise<void> {
  const rate = String(recipe.videoBitsPerSecond);
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${recipe.size}:rate=24`];
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=${recipe.toneHertz}:beep_factor=4:sample_rate=48000`];
  const shape = ['-t', String(recipe.seconds), '-pix_fmt', 'yuv420p', '-ac', '2'];
  const videoRate = ['-b:v', rate, '-maxrate', rate, '-bufsize', rate];
  const audioRate = ['-b:a', String(recipe.audioBitsPerSecond ?? 96_000)];
  const container = recipe.containerArgs ?? [];
  const still = recipe.stillS === undefined ? [] : ['-vf', `tpad=start_duration=${recipe.stillS}:start_mode=clone`];
  return ffmpeg([
    ...picture,
    ...tone,
    ...shape,
    ...still,
    ...CODEC_ARGS[recipe.codecs],
    ...videoRate,
    ...audioRate,
    ...KEY_FRAMES,
    ...REPRODUCIBLE,
    ...container,
    recipe.path,
  ]);
}
