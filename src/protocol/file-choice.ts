import type { FileSnapshot } from './engine-api';

export type FileChoice = { readonly kind: 'chosen'; readonly fileIndex: number } | { readonly kind: 'ask' };

/** What the link asks for wins, playable or not; else the one file that can play; else the viewer decides. */
export function chooseFile(files: readonly Pick<FileSnapshot, 'index' | 'kind'>[], wantedFileIndex: number | undefined): FileChoice {
  const wanted = files.find((file) => file.index === wantedFileIndex);
  if (wanted !== undefined) return { kind: 'chosen', fileIndex: wanted.index };
  const [only, ...others] = files.filter(isPlayable);
  return only !== undefined && others.length === 0 ? { kind: 'chosen', fileIndex: only.index } : { kind: 'ask' };
}

export function isPlayable(file: Pick<FileSnapshot, 'kind'>): boolean {
  return file.kind === 'video' || file.kind === 'audio';
}

/** Whether the player shows it; anything else can only be saved. */
export function isShown(file: Pick<FileSnapshot, 'kind'>): boolean {
  return isPlayable(file) || file.kind === 'image';
}

/** What plays comes first, then what lies in no folder, then by path the way people count: "Part 2" before "Part 10". */
export function inReadingOrder(files: readonly FileSnapshot[]): readonly FileSnapshot[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return files.toSorted((left, right) => {
    const playableFirst = Number(isPlayable(right)) - Number(isPlayable(left));
    const shallowFirst = left.path.length - right.path.length;
    return playableFirst || shallowFirst || collator.compare(left.path.join('/'), right.path.join('/'));
  });
}
