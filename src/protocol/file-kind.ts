import type { FileKind } from './engine-api';

interface KnownFile {
  readonly kind: FileKind;
  readonly contentType: string;
}

const UNKNOWN: KnownFile = { kind: 'other', contentType: 'application/octet-stream' };

/**
 * What players meet, and nothing a browser would run: a stranger's file is served from the extension's own origin, where a document
 * (HTML, SVG, XML, PDF) could act as the extension. A list of all types would hand those out.
 */
const KNOWN_FILES: ReadonlyMap<string, KnownFile> = new Map([
  ['mp4', video('video/mp4')],
  ['m4v', video('video/mp4')],
  ['mov', video('video/quicktime')],
  ['webm', video('video/webm')],
  ['mkv', video('video/x-matroska')],
  ['avi', video('video/x-msvideo')],
  ['ts', video('video/mp2t')],
  ['mp3', audio('audio/mpeg')],
  ['m4a', audio('audio/mp4')],
  ['flac', audio('audio/flac')],
  ['ogg', audio('audio/ogg')],
  ['opus', audio('audio/ogg')],
  ['wav', audio('audio/wav')],
  ['aac', audio('audio/aac')],
  ['jpg', image('image/jpeg')],
  ['jpeg', image('image/jpeg')],
  ['png', image('image/png')],
  ['webp', image('image/webp')],
  ['gif', image('image/gif')],
  ['srt', subtitles('application/x-subrip')],
  ['vtt', subtitles('text/vtt')],
  ['ass', subtitles('text/x-ssa')],
]);

/** What a file is, by the extension of its name. Takes a name, a path, or the segments of a path. */
export function fileKind(path: string | readonly string[]): FileKind {
  return lookUp(path).kind;
}

/** The media type a file is served as, by the extension of its name; `application/octet-stream` when that says nothing to a player. */
export function contentType(path: string | readonly string[]): string {
  return lookUp(path).contentType;
}

function lookUp(path: string | readonly string[]): KnownFile {
  const name = typeof path === 'string' ? path : (path.at(-1) ?? '');
  const dot = name.lastIndexOf('.');
  return (dot === -1 ? undefined : KNOWN_FILES.get(name.slice(dot + 1).toLowerCase())) ?? UNKNOWN;
}

function video(type: string): KnownFile {
  return { kind: 'video', contentType: type };
}

function audio(type: string): KnownFile {
  return { kind: 'audio', contentType: type };
}

function image(type: string): KnownFile {
  return { kind: 'image', contentType: type };
}

function subtitles(type: string): KnownFile {
  return { kind: 'subtitles', contentType: type };
}
