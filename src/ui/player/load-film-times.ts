import { effect, type ReadonlySignal } from '@preact/signals';
import { MAX_PULL_BYTES } from '@/src/messaging/stream-messages';
import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { readFilmTimes } from '@/src/ui/state/read-film-times';
import type { FilmTimes } from '@/src/ui/state/seek-ranges';
import { findFile } from '@/src/ui/state/session-facts';
import type { FilePart, PlayerActions } from './join-session';

/* What a film does not need before it plays: this file, and what only it imports, is loaded then. */

export interface FilmTimesRequest extends Pick<PlayerActions, 'readVerified'> {
  readonly session: ReadonlySignal<SessionSnapshot | undefined>;
  readonly fileIndex: number;
  readonly durationS: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the film's index as it comes by itself: nothing is asked of peers for it.
 * @returns undefined when there is none that is understood
 * @throws what the signal aborts with
 */
export async function loadFilmTimes(request: FilmTimesRequest): Promise<FilmTimes | undefined> {
  const { session, fileIndex, durationS } = request;
  // While the engine is replaced there is none.
  await untilSession(request, (snapshot) => findFile(snapshot, fileIndex) !== undefined);
  const lengthBytes = findFile(session.peek(), fileIndex)?.lengthBytes ?? 0;
  return readFilmTimes({ lengthBytes, durationS }, async (startBytes, partBytes) => {
    // Only what is here has room made for it: how long it says it is may be a lie.
    await untilVerified(request, { fileIndex, startBytes, lengthBytes: partBytes });
    const bytes = new Uint8Array(partBytes);
    for (let at = 0; at < partBytes;) {
      const part = { fileIndex, startBytes: startBytes + at, lengthBytes: Math.min(MAX_PULL_BYTES, partBytes - at) };
      bytes.set(await readPart(request, part), at);
      at += part.lengthBytes;
    }
    return new DataView(bytes.buffer);
  });
}

/** Waits again where a piece went, or the engine did, in between. */
async function readPart(request: FilmTimesRequest, part: FilePart): Promise<Uint8Array> {
  for (;;) {
    await untilVerified(request, part);
    const seen = request.session.peek();
    const bytes = await request.readVerified(part);
    request.signal.throwIfAborted();
    if (bytes !== undefined) return bytes;
    await untilSession(request, (session) => session !== seen);
  }
}

function untilVerified(request: FilmTimesRequest, { fileIndex, startBytes, lengthBytes }: FilePart): Promise<void> {
  return untilSession(request, (session) => {
    const runs = findFile(session, fileIndex)?.verifiedRuns ?? [];
    return runs.some((run) => run.startBytes <= startBytes && run.endBytes >= startBytes + lengthBytes);
  });
}

async function untilSession({ session, signal }: FilmTimesRequest, fits: (session: SessionSnapshot | undefined) => boolean): Promise<void> {
  signal.throwIfAborted();
  const fitting = Promise.withResolvers<void>();
  const onAbort = (): void => fitting.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  const stop = effect(() => {
    if (fits(session.value)) fitting.resolve();
  });
  try {
    await fitting.promise;
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}
