import { inNameOrder, type NamedFile } from '@/src/protocol/describe-files';
import { MAX_FILES } from '@/src/protocol/metainfo-refusal';
import { formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';

/** What the viewer chose or dropped. */
export interface Selection {
  /** Of the file or of the folder; of several things of no folder, one that the viewer may change. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'several';
  readonly files: readonly NamedFile[];
  readonly totalBytes: number;
}

const NAME_OF_SEVERAL = i18n.t('share.nameOfSeveral');

export const TOO_MANY_FILES = i18n.t('share.tooManyFiles', { count: formatNumber(MAX_FILES) });

/** @param found with paths from what was chosen down. Hidden files and what is in hidden folders is left out, as the seeder does. */
export function selectionOf(found: readonly { readonly path: readonly string[]; readonly file: File }[]): Selection {
  const shown = found.filter(({ path }) => !path.some((name) => name.startsWith('.')));
  const tops = new Set(shown.map(({ path }) => path[0] ?? ''));
  const [name = NAME_OF_SEVERAL] = tops;
  const totalBytes = shown.reduce((total, { file }) => total + file.size, 0);
  const several = { name: NAME_OF_SEVERAL, kind: 'several', files: inNameOrder(shown), totalBytes } as const;
  if (tops.size !== 1) return several;
  if (shown.every(({ path }) => path.length > 1)) {
    const files = inNameOrder(shown.map(({ path, file }) => ({ path: path.slice(1), file })));
    return { name, kind: 'folder', files, totalBytes };
  }
  return shown.length === 1 ? { name, kind: 'file', files: shown, totalBytes } : several;
}
