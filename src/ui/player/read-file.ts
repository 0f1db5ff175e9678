import type { FileSnapshot, SessionId } from '@/src/protocol/engine-api';
import { i18n } from '@/src/ui/state/i18n';
import { SpokenError } from '@/src/ui/state/error-words';

export interface FileReading {
  readonly sessionId: SessionId;
  readonly signal: AbortSignal;
}

/**
 * A file of the session from its beginning to its end, as it is being fetched. Goes on at the same byte when the service worker was ended
 * in between, as it may be at any time.
 * @throws {SpokenError} when the engine refuses it
 */
export async function* readFile(reading: FileReading, file: FileSnapshot): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let atBytes = 0;
  while (atBytes < file.lengthBytes) {
    const startBytes = atBytes;
    for await (const bytes of streamFrom(reading, file, startBytes)) {
      atBytes += bytes.length;
      yield bytes;
    }
    if (atBytes === startBytes) throw new SpokenError(i18n.t('player.engineSendsNothing'));
  }
}

/** Ends early when the stream breaks off; throws when it is refused. */
async function* streamFrom(
  { sessionId, signal }: FileReading,
  file: FileSnapshot,
  startBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/stream/${sessionId}/${file.index}`, { headers: { range: `bytes=${startBytes}-` }, signal });
  // The service worker says why, in the viewer's language.
  if (!response.ok || response.body === null) throw new SpokenError(await response.text());
  const reader = response.body.getReader();
  for (;;) {
    const next = await reader.read().catch(() => undefined);
    signal.throwIfAborted();
    if (next === undefined || next.done) return;
    yield next.value;
  }
}
