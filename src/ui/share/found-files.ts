import { MAX_FILES, MAX_PATH_SEGMENTS } from '@/src/protocol/metainfo-refusal';
import { i18n } from '@/src/ui/state/i18n';
import { selectionOf, TOO_MANY_FILES, type Selection } from './selection';
import { SpokenError } from '@/src/ui/state/error-words';

interface FoundFile {
  readonly path: readonly string[];
  readonly file: File;
}

/** @throws {SpokenError} a sentence for the viewer */
export function chosenFiles(list: Iterable<File>): Selection {
  const found = Array.from(list, (file) => ({
    path: file.webkitRelativePath === '' ? [file.name] : file.webkitRelativePath.split('/'),
    file,
  }));
  if (found.length > MAX_FILES) throw new SpokenError(TOO_MANY_FILES);
  return selectionOf(found);
}

/**
 * Walks dropped folders. Must be called while the drop is handled: the browser forgets afterwards what was dropped.
 * @throws {SpokenError} a sentence for the viewer: too many files, one that cannot be read
 */
export async function droppedFiles(items: Iterable<DataTransferItem>): Promise<Selection> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: FoundFile[] = [];
  for (const entry of entries) await walk(entry, [], found);
  return selectionOf(found);
}

async function walk(entry: FileSystemEntry, above: readonly string[], found: FoundFile[]): Promise<void> {
  const path = [...above, entry.name];
  if (path.length > MAX_PATH_SEGMENTS + 1) throw new SpokenError(i18n.t('share.tooDeep', { name: above[0] ?? '' }));
  if (entry.name.startsWith('.')) return;
  try {
    if (isFile(entry)) found.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
    else if (isFolder(entry)) for (const below of await entriesOf(entry)) await walk(below, path, found);
  } catch (error) {
    if (error instanceof SpokenError) throw error;
    throw new SpokenError(i18n.t('share.unreadable', { name: path.join('/') }));
  }
  if (found.length > MAX_FILES) throw new SpokenError(TOO_MANY_FILES);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** A reader gives at most 100 at once, and an empty list at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) return entries;
    entries.push(...more);
  }
}
