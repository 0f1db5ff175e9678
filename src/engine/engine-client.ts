import type { Bytes } from '@/src/base/bytes';
import type {
  EngineCalls,
  EngineMode,
  EngineEvents,
  OpenSessionAnswer,
  OpenSessionRequest,
  ReadVerifiedRequest,
  ServerTest,
  ServerTestRequest,
  SessionId,
  ShareFilesRequest,
  EngineSnapshot,
  WatchScope,
} from '@/src/protocol/engine-api';
import type { Session } from './session';

export interface EngineClientActions {
  openSession(magnet: string): OpenSessionAnswer;
  shareFiles(request: ShareFilesRequest): Promise<SessionId>;
  session(id: SessionId): Session;
  removeSession(id: SessionId, deleteStored: boolean): Promise<void>;
  deleteStored(infoHash: SessionId): Promise<void>;
  deleteAllStored(): Promise<void>;
  retry(): void;
  testServer(request: ServerTestRequest): Promise<ServerTest>;
  onWatch(): void;
}

/** One interface page: what it calls, and what it watches. Every call answers by a promise so that errors cross ports alike. */
export class EngineClient implements EngineCalls {
  readonly #events: EngineEvents;
  readonly #actions: EngineClientActions;
  #scope: WatchScope = { kind: 'none' };

  constructor(events: EngineEvents, actions: EngineClientActions) {
    this.#events = events;
    this.#actions = actions;
  }

  get isWatching(): boolean {
    return this.#scope.kind !== 'none';
  }

  push(all: EngineSnapshot): void {
    const scope = this.#scope;
    if (scope.kind !== 'session') return this.#events.snapshot(all);
    this.#events.snapshot({
      ...all,
      sessions: all.sessions.filter(({ id }) => id === scope.sessionId),
      store: { ...all.store, films: [] },
    });
  }

  async openSession({ magnet }: OpenSessionRequest): Promise<OpenSessionAnswer> {
    return this.#actions.openSession(magnet);
  }

  async shareFiles(request: ShareFilesRequest): Promise<{ readonly sessionId: SessionId }> {
    return { sessionId: await this.#actions.shareFiles(request) };
  }

  async watch(scope: WatchScope): Promise<void> {
    this.#scope = scope;
    this.#actions.onWatch();
  }

  async selectFile({ sessionId, fileIndex }: { sessionId: SessionId; fileIndex: number }): Promise<void> {
    this.#actions.session(sessionId).selectFile(fileIndex);
  }

  async pictureShown({ sessionId }: { sessionId: SessionId }): Promise<void> {
    this.#actions.session(sessionId).pictureShown();
  }

  async reportStall({ sessionId, isStalled }: Parameters<EngineCalls['reportStall']>[0]): Promise<void> {
    this.#actions.session(sessionId).reportStall(this, isStalled);
  }

  async reportBuffer({ sessionId, aheadS }: Parameters<EngineCalls['reportBuffer']>[0]): Promise<void> {
    this.#actions.session(sessionId).reportBuffer(this, aheadS);
  }

  async pauseSession({ sessionId }: { sessionId: SessionId }): Promise<void> {
    this.#actions.session(sessionId).pause('user');
  }

  async resumeSession({ sessionId }: { sessionId: SessionId }): Promise<void> {
    this.#actions.session(sessionId).resume();
  }

  async removeSession({ sessionId, deleteStored }: { sessionId: SessionId; deleteStored: boolean }): Promise<void> {
    await this.#actions.removeSession(sessionId, deleteStored);
  }

  async setMode({ sessionId, mode }: { sessionId: SessionId; mode: EngineMode }): Promise<void> {
    this.#actions.session(sessionId).sources.setMode(mode);
    this.#actions.onWatch();
  }

  async addTracker({ sessionId, url }: { sessionId: SessionId; url: string }): Promise<void> {
    this.#actions.session(sessionId).sources.addTracker(url);
  }

  async allowWebSeed({ sessionId, url }: { sessionId: SessionId; url: string }): Promise<void> {
    this.#actions.session(sessionId).sources.allowWebSeed(url);
  }

  async setRateLimits({ sessionId, ...limits }: Parameters<EngineCalls['setRateLimits']>[0]): Promise<void> {
    this.#actions.session(sessionId).rates.limits = limits;
    this.#actions.onWatch();
  }

  async readVerified({ sessionId, fileIndex, startBytes, lengthBytes }: ReadVerifiedRequest): Promise<Bytes | undefined> {
    return this.#actions.session(sessionId).torrent?.readVerified(fileIndex, startBytes, lengthBytes);
  }

  async leaveFileAt({ sessionId, fileIndex, positionS }: Parameters<EngineCalls['leaveFileAt']>[0]): Promise<void> {
    this.#actions.session(sessionId).torrent?.leaveFileAt(fileIndex, positionS);
  }

  async deleteStored({ infoHash }: { infoHash: SessionId }): Promise<void> {
    await this.#actions.deleteStored(infoHash);
  }

  async deleteAllStored(): Promise<void> {
    await this.#actions.deleteAllStored();
  }

  async retry(): Promise<void> {
    this.#actions.retry();
  }

  async testServer(request: ServerTestRequest): Promise<ServerTest> {
    return this.#actions.testServer(request);
  }
}
