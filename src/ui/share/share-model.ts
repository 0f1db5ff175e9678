import { effect, signal } from '@preact/signals';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { connectEngine } from '@/src/messaging/engine-connection';
import type { TorrentKind } from '@/src/protocol/content-hasher';
import { describeFiles } from '@/src/protocol/describe-files';
import { EngineCallError, type EngineCalls, type SessionId, type SessionSnapshot, type ShareFilesRequest } from '@/src/protocol/engine-api';
import { magnetLink } from '@/src/protocol/magnet';
import { engineSettings, type Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import { createSettingsSignal } from '@/src/ui/state/settings-signal';
import { chosenFiles, droppedFiles } from './found-files';
import type { Selection } from './selection';
import { errorWords, SpokenError } from '@/src/ui/state/error-words';
import { noticeWords } from '@/src/ui/state/notice-words';

export type ChooserState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'chosen'; readonly selection: Selection }
  | { readonly kind: 'hashing'; readonly selection: Selection; readonly hashedBytes: number };

export type ShareModel = ReturnType<typeof createShareModel>;

/** Talks to the engine only while the viewer agrees. What is shared is the engine's: it goes on when this page is closed. */
export function createShareModel(until: AbortSignal) {
  const settings = createSettingsSignal(until);
  const chooser = signal<ChooserState>({ kind: 'empty' });
  const shares = signal<readonly SessionSnapshot[]>([]);
  const complaint = signal<string | undefined>(undefined);
  /** Version 1 unless the viewer says otherwise: so files that were shared before keep their link. */
  const format = signal<TorrentKind>('v1');
  /** What this page has shared, for an engine that takes the place of one that died. */
  const mine = new Map<SessionId, ShareFilesRequest>();
  /** The engine has told of them. */
  const known = new Set<SessionId>();
  let calls: EngineCalls | undefined;
  let asked = false;
  let hashing: AbortController | undefined;
  /** Raised by all that the viewer does with the chooser: large folders are looked through for a while, and what they hold may be wanted no longer. */
  let turn = 0;

  function connect(): void {
    connectEngine({
      events: {
        snapshot({ sessions }) {
          shares.value = sessions.filter(({ share }) => share !== undefined);
          const ids = new Set(shares.value.map(({ id }) => id));
          for (const id of known) if (!ids.has(id)) forget(id);
          for (const id of ids) known.add(id);
        },
      },
      onConnected(connected) {
        calls = connected;
        void attempt(async (engine) => {
          for (const request of mine.values()) await engine.shareFiles(request);
          await engine.watch({ kind: 'all' });
        });
      },
      onLost() {
        calls = undefined;
        known.clear();
        shares.value = [];
      },
      onRefused(error) {
        if (error.code !== 'no-consent') complaint.value = noticeWords(error.notice);
      },
      signal: until,
    });
  }

  function forget(id: SessionId): void {
    known.delete(id);
    mine.delete(id);
  }

  async function attempt(action: (engine: EngineCalls) => Promise<unknown>): Promise<void> {
    if (calls === undefined) {
      complaint.value = i18n.t('common.noEngine');
      return;
    }
    try {
      complaint.value = undefined;
      await action(calls);
    } catch (error) {
      if (error instanceof EngineCallError && error.code === 'engine-lost') return;
      complaint.value = errorWords(error, i18n.t('common.failed'));
    }
  }

  async function choose(find: () => Selection | Promise<Selection>): Promise<void> {
    if (chooser.value.kind === 'hashing' || settings.value?.consentedAtMs == null) return;
    const myTurn = ++turn;
    complaint.value = undefined;
    chooser.value = { kind: 'looking' };
    try {
      const selection = await find();
      if (turn !== myTurn) return;
      if (selection.files.length === 0) throw new SpokenError(i18n.t('share.noFile'));
      if (selection.totalBytes === 0) throw new SpokenError(i18n.t('share.allEmpty'));
      chooser.value = { kind: 'chosen', selection };
    } catch (error) {
      if (turn !== myTurn) return;
      chooser.value = { kind: 'empty' };
      complaint.value = errorWords(error, i18n.t('common.failed'));
    }
  }

  async function share(name: string): Promise<void> {
    if (chooser.value.kind !== 'chosen') return;
    turn += 1;
    const { selection } = chooser.value;
    const ending = new AbortController();
    hashing = ending;
    complaint.value = undefined;
    chooser.value = { kind: 'hashing', selection, hashedBytes: 0 };
    try {
      const { info, files, hashes } = await describeFiles({
        name: selection.kind === 'several' ? name : selection.name,
        single: selection.kind === 'file',
        kind: format.value,
        files: selection.files,
        sha1: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)),
        sha256: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
        onProgress: (hashedBytes) => {
          chooser.value = { kind: 'hashing', selection, hashedBytes };
        },
        signal: ending.signal,
      });
      const request = {
        magnet: magnetLink({ ...info, trackers: trackersOf(settings.value) }),
        infoBytes: info.infoBytes,
        files,
        ...(hashes === undefined ? {} : { hashes }),
      };
      mine.set(info.infoHash, request);
      await attempt((engine) => engine.shareFiles(request));
      if (complaint.value !== undefined) mine.delete(info.infoHash);
    } catch (error) {
      if (!ending.signal.aborted) complaint.value = errorWords(error, i18n.t('common.failed'));
    } finally {
      if (hashing === ending) {
        hashing = undefined;
        chooser.value = { kind: 'empty' };
      }
    }
  }

  function cancel(): void {
    turn += 1;
    hashing?.abort(new Error('cancelled'));
    hashing = undefined;
    chooser.value = { kind: 'empty' };
  }

  const stop = effect(() => {
    const consentedAtMs = settings.value?.consentedAtMs;
    if (consentedAtMs === null) {
      // Agreeing anew is agreeing to watch: what was shared before is shared again only when it is chosen again.
      mine.clear();
      cancel();
    } else if (consentedAtMs !== undefined && !asked) {
      asked = true;
      connect();
    }
  });
  until.addEventListener('abort', stop, { once: true });
  // What is read so far would be lost; what is shared already goes on.
  addEventListener('beforeunload', (event) => {
    if (hashing !== undefined) event.preventDefault();
  });

  return {
    settings,
    chooser,
    shares,
    complaint,
    format,
    choose: (files: Iterable<File>): void => void choose(() => chosenFiles(files)),
    drop: (items: Iterable<DataTransferItem>): void => void choose(() => droppedFiles(items)),
    chooseFormat: (kind: TorrentKind): void => {
      format.value = kind;
    },
    share: (name: string): void => void share(name),
    cancel,
    stopSharing: (sessionId: SessionId): void => {
      forget(sessionId);
      void attempt((engine) => engine.removeSession({ sessionId, deleteStored: false }));
    },
    openWelcome: (): void => void backgroundMessaging.sendMessage('openWelcome'),
  };
}

/** Those that the engine announces it to, so that whoever has the link asks them, too. */
function trackersOf(settings: Settings | undefined): readonly string[] {
  return settings === undefined || settings.defaultMode === 'webrtc' ? [] : engineSettings(settings).trackers;
}
