import type { Engine, OpenedStream } from '@/src/engine/engine-interface';
import { EngineCallError, type EngineSettings, type SessionId, type StreamRequest } from '@/src/protocol/engine-api';
import { parseInfoHash } from '@/src/protocol/ids';
import type { Bytes } from '@/src/base/bytes';
import { notice } from '@/src/protocol/notice';

export const SESSION_ID = sessionIdOf('c12fe1c06bba254a9dc9f519b335aa7c1367a88a');
export const FILM: Bytes = Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 255);

/** An engine whose one session has one file in memory: what lies between a media element and an engine is tested with it. */
export class FilmEngine implements Engine {
  readonly opened: StreamRequest[] = [];
  readonly closedStarts: number[] = [];
  readonly settings: EngineSettings[] = [];
  readonly readSizes: number[] = [];
  readonly openedAhead: string[] = [];
  warmed = 0;
  /** Bytes from here on are missing yet. */
  verifiedUntil = FILM.length;
  knowsSession = true;
  clients = 0;
  #onChange = Promise.withResolvers<void>();

  connectClient(...[events, signal]: Parameters<Engine['connectClient']>): ReturnType<Engine['connectClient']> {
    this.clients++;
    signal.addEventListener('abort', () => {
      this.clients--;
      this.changed();
    });
    return {
      openSession: async ({ magnet }) => {
        if (!magnet.startsWith('magnet:')) throw new EngineCallError('bad-magnet', notice('notMagnet'));
        this.knowsSession = true;
        return { sessionId: SESSION_ID, wantedFileIndex: undefined };
      },
      watch: async () =>
        events.snapshot({
          sessions: [],
          storedBytes: FILM.length,
          store: { quotaBytes: 10 * FILM.length, usedBytes: FILM.length, films: [] },
        }),
      shareFiles: async () => ({ sessionId: SESSION_ID }),
      selectFile: async () => undefined,
      pauseSession: async () => undefined,
      resumeSession: async () => undefined,
      removeSession: async () => undefined,
      setMode: async () => undefined,
      addTracker: async () => undefined,
      allowWebSeed: async () => undefined,
      setRateLimits: async () => undefined,
      readVerified: async () => undefined,
      leaveFileAt: async () => undefined,
      deleteStored: async () => undefined,
      deleteAllStored: async () => undefined,
      pictureShown: async () => undefined,
      reportStall: async () => undefined,
      reportBuffer: async () => undefined,
      retry: async () => undefined,
      testServer: async () => ({ ok: false, reason: notice('testNobody') }),
    };
  }

  warm(): void {
    this.warmed++;
    this.changed();
  }

  reconnect(): void {
    this.changed();
  }

  openAhead(magnet: string): SessionId | undefined {
    this.openedAhead.push(magnet);
    this.knowsSession = true;
    this.changed();
    return SESSION_ID;
  }

  async openStream(request: StreamRequest, signal: AbortSignal): Promise<OpenedStream> {
    this.opened.push(request);
    this.changed();
    if (!this.knowsSession) throw new EngineCallError('unknown-session', notice('filmNotOpen'));
    if (request.fileIndex !== 0) throw new EngineCallError('bad-request', notice('noSuchFile'));
    let atBytes = request.startBytes;
    signal.addEventListener('abort', () => {
      this.closedStarts.push(request.startBytes);
      this.changed();
    });
    return {
      fileLengthBytes: FILM.length,
      contentType: 'video/mp4',
      read: async (maxBytes) => {
        this.readSizes.push(maxBytes);
        this.changed();
        await this.until(() => atBytes < this.verifiedUntil || atBytes >= FILM.length || signal.aborted);
        signal.throwIfAborted();
        const bytes = FILM.slice(atBytes, Math.min(atBytes + maxBytes, this.verifiedUntil));
        atBytes += bytes.length;
        return bytes;
      },
    };
  }

  applySettings(settings: EngineSettings): void {
    this.settings.push(settings);
    this.changed();
  }

  async close(): Promise<void> {
    this.changed();
  }

  /** Wakes whoever waits in `until`. */
  changed(): void {
    this.#onChange.resolve();
    this.#onChange = Promise.withResolvers();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#onChange.promise;
  }
}

function sessionIdOf(hex: string): SessionId {
  const parsed = parseInfoHash(hex);
  if (parsed === undefined) throw new Error('not an info hash');
  return parsed;
}
