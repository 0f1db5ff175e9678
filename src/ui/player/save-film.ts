import type { FileSnapshot, SessionId } from '@/src/protocol/engine-api';
import { i18n } from '@/src/ui/state/i18n';
import { readFile, type FileReading } from './read-file';
import { errorWords } from '@/src/ui/state/error-words';

export type SavingState =
  | { readonly kind: 'saving'; readonly savedBytes: number }
  | { readonly kind: 'saved' }
  /** The browser saves it, and says how far it is. */
  | { readonly kind: 'handed-over' }
  | { readonly kind: 'failed'; readonly sentence: string };

/** By file index. */
export type SavingFiles = ReadonlyMap<number, SavingState>;

/** Chromium's pickers, which no frame of another site's page may open. */
interface FilePickers {
  showSaveFilePicker(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
  showDirectoryPicker(options: { readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export interface SaveRequest extends FileReading {
  readonly onState: (fileIndex: number, state: SavingState) => void;
}

/** The pickers, in a player that is a tab of its own. */
export function filePickers(): FilePickers | undefined {
  return window.top === window && 'showSaveFilePicker' in window ? (window as unknown as FilePickers) : undefined;
}

/** To where the viewer says; in the overlay to where the browser saves everything. Works while the film is still being fetched. */
export async function saveFile(request: SaveRequest, file: FileSnapshot): Promise<void> {
  const pickers = filePickers();
  if (pickers === undefined) {
    download(request.sessionId, file);
    return request.onState(file.index, { kind: 'handed-over' });
  }
  const handle = await unlessDismissed(request, file, pickers.showSaveFilePicker({ suggestedName: file.path.at(-1) ?? 'film' }));
  if (handle !== undefined) await writeFile(request, file, async () => handle);
}

/** All files into a folder that the viewer chooses, one after another, in folders as the torrent names them. */
export async function saveAllFiles(request: SaveRequest, files: readonly FileSnapshot[]): Promise<void> {
  const [first] = files;
  const picked = filePickers()?.showDirectoryPicker({ mode: 'readwrite' });
  if (first === undefined || picked === undefined) return;
  const root = await unlessDismissed(request, first, picked);
  if (root === undefined) return;
  for (const file of files) {
    if (request.signal.aborted) return;
    // A name that would lead elsewhere is refused by the browser, and told below.
    await writeFile(request, file, async () => {
      let folder = root;
      for (const name of file.path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
      return folder.getFileHandle(file.path.at(-1) ?? '', { create: true });
    });
  }
}

async function writeFile(request: SaveRequest, file: FileSnapshot, open: () => Promise<FileSystemFileHandle>): Promise<void> {
  request.onState(file.index, { kind: 'saving', savedBytes: 0 });
  try {
    const writable = await (await open()).createWritable();
    try {
      let savedBytes = 0;
      for await (const bytes of readFile(request, file)) {
        await writable.write(bytes);
        savedBytes += bytes.length;
        request.onState(file.index, { kind: 'saving', savedBytes });
      }
      await writable.close();
    } catch (error) {
      await writable.abort();
      throw error;
    }
    request.onState(file.index, { kind: 'saved' });
  } catch (error) {
    request.onState(file.index, { kind: 'failed', sentence: errorWords(error, i18n.t('player.files.notWritten')) });
  }
}

/**
 * A tab that is navigated to what is no page saves it, and is closed again by the browser. A link with `download` would pass by the
 * service worker, and a frame inside the overlay is refused: only the player itself may be framed by other sites.
 */
function download(sessionId: SessionId, file: FileSnapshot): void {
  window.open(`/stream/${sessionId}/${file.index}?save=${encodeURIComponent(file.path.at(-1) ?? 'film')}`, '_blank', 'noopener');
}

async function unlessDismissed<Handle>(request: SaveRequest, file: FileSnapshot, picked: Promise<Handle>): Promise<Handle | undefined> {
  try {
    return await picked;
  } catch (error) {
    const isDismissed = error instanceof DOMException && error.name === 'AbortError';
    if (!isDismissed) request.onState(file.index, { kind: 'failed', sentence: i18n.t('player.files.notThere') });
    return undefined;
  }
}
