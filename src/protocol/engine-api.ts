import type { Bytes } from '@/src/base/bytes';
import type { InfoHash, PeerId } from './ids';
import type { SharedFile } from './shared-file';
import { NoticeError, type Notice } from './notice';

/** A magnet link is a line of text; anything near this long is an attack on memory, not a link. */
export const MAX_MAGNET_CHARS = 64 * 1024;

/** Piece hashes of a terabyte fit; what is larger is no description of a film. */
export const MAX_TORRENT_FILE_BYTES = 10 * 1024 * 1024;

/** What the interface asks of the engine and what it hears back. One port per page; the engine pushes, nobody polls. */
export interface EngineCalls {
  /** Joins (or starts) the session of a magnet link. @throws {EngineCallError} `bad-magnet`, `unsupported-magnet`, `no-consent` */
  openSession(request: OpenSessionRequest): Promise<OpenSessionAnswer>;
  /**
   * Shares files of the viewer's own with whoever has the magnet link, until the session is removed, the engine ends or consent is
   * withdrawn; no page has to stay. Takes the place of a session of the same torrent.
   * @throws {EngineCallError} `no-consent`, `bad-magnet`, `unsupported-magnet`, `bad-request` when files and description do not fit
   */
  shareFiles(request: ShareFilesRequest): Promise<{ readonly sessionId: SessionId }>;
  /** From now on snapshots arrive: of one session, or of all. Replaces what was watched before. */
  watch(scope: WatchScope): Promise<void>;
  /** Which file the viewer wants; the others are fetched only when chosen. @throws {EngineCallError} `unknown-session` */
  selectFile(request: { readonly sessionId: SessionId; readonly fileIndex: number }): Promise<void>;
  /** The player shows the first picture of its film. */
  pictureShown(request: { readonly sessionId: SessionId }): Promise<void>;
  /** The caller's player waits for the film although it should show it, or does so no longer; it ends by itself when the caller goes. */
  reportStall(request: { readonly sessionId: SessionId; readonly isStalled: boolean }): Promise<void>;
  /** How much of the film is verified after where the caller's player shows it, in s of film; it is forgotten when the caller goes. */
  reportBuffer(request: { readonly sessionId: SessionId; readonly aheadS: number }): Promise<void>;
  pauseSession(request: { readonly sessionId: SessionId }): Promise<void>;
  resumeSession(request: { readonly sessionId: SessionId }): Promise<void>;
  /** Ends the session for every tab; with `deleteStored` its pieces go too. */
  removeSession(request: { readonly sessionId: SessionId; readonly deleteStored: boolean }): Promise<void>;
  /** Which engines feed this session, from now on; for this session only. */
  setMode(request: { readonly sessionId: SessionId; readonly mode: EngineMode }): Promise<void>;
  /** Asks one more tracker (ws or wss) for this session. @throws {EngineCallError} `bad-request` when it is no such address */
  addTracker(request: { readonly sessionId: SessionId; readonly url: string }): Promise<void>;
  /** Uses a web seed the magnet or torrent names, now that the viewer (or a host permission) allows its host. */
  allowWebSeed(request: { readonly sessionId: SessionId; readonly url: string }): Promise<void>;
  /** How fast this session may send and receive, from now on, within the limits of the settings; until it ends. */
  setRateLimits(request: { readonly sessionId: SessionId } & RateLimits): Promise<void>;
  /**
   * A part of a file, if all of it is verified, else undefined. Nothing is waited for, and nothing fetched or kept on its account: a page may
   * look into a film without turning it from its course.
   * @throws {EngineCallError} `unknown-session`, `bad-request` when there is no such file or part
   */
  readVerified(request: ReadVerifiedRequest): Promise<Bytes | undefined>;
  /** Where the viewer is in a file, so that the film goes on there another time; undefined at the beginning and near the end. */
  leaveFileAt(request: {
    readonly sessionId: SessionId;
    readonly fileIndex: number;
    readonly positionS: number | undefined;
  }): Promise<void>;
  /** Deletes what is stored of a film that is not open. @throws {EngineCallError} `bad-request` while it is open */
  deleteStored(request: { readonly infoHash: InfoHash }): Promise<void>;
  /** The same of every film that is not open. */
  deleteAllStored(): Promise<void>;
  /** Asks every signaling server and every tracker at once, instead of waiting for back-offs and intervals. */
  retry(): Promise<void>;
  /** Asks one server whether it is there and answers; told to nobody else. @throws {EngineCallError} `no-consent` */
  testServer(request: ServerTestRequest): Promise<ServerTest>;
}

/** A server as the settings name it. */
export type ServerTestRequest =
  | { readonly kind: 'signaling'; readonly url: string; readonly token?: string }
  | { readonly kind: 'tracker'; readonly url: string }
  | { readonly kind: 'ice'; readonly server: IceServer };

export type ServerProtocol = 'Socket.IO' | 'WebSocket' | 'PeerServer' | 'WebTorrent' | 'STUN' | 'TURN';

export type ServerTest =
  | {
      readonly ok: true;
      /** What is spoken there. */
      readonly protocol: ServerProtocol;
      /** From nothing to the first answer. */
      readonly connectMs: number;
      /** From a question to its answer, where it answers questions. */
      readonly roundTripMs?: number;
    }
  | { readonly ok: false; readonly reason: Notice };

/** Called by the engine on the interface, one way. */
export interface EngineEvents {
  snapshot(snapshot: EngineSnapshot): void;
}

/** Sessions are shared by all tabs: one per info hash. */
export type SessionId = InfoHash;

export interface OpenSessionRequest {
  readonly magnet: string;
}

export interface OpenSessionAnswer {
  readonly sessionId: SessionId;
  /** The file the link itself asks for (BEP 53 `so`), if it names exactly one. */
  readonly wantedFileIndex: number | undefined;
}

export interface ShareFilesRequest {
  readonly magnet: string;
  /** The info dictionary, as it was hashed. */
  readonly infoBytes: Bytes;
  /** In the order of the dictionary, without padding. They are read when somebody asks for them, and never copied. */
  readonly files: readonly SharedFile[];
  /** Of a torrent of v2 alone: its `piece layers` (BEP 52), bencoded, at most `MAX_PIECE_LAYERS_BYTES`. */
  readonly hashes?: Bytes;
}

export type WatchScope = { readonly kind: 'all' } | { readonly kind: 'session'; readonly sessionId: SessionId } | { readonly kind: 'none' };

export interface EngineSnapshot {
  readonly sessions: readonly SessionSnapshot[];
  /** Size of all stored pieces, open sessions and others; undefined until the store has said what it holds. */
  readonly storedBytes: number | undefined;
  readonly store: StoreSnapshot;
}

export interface StoreSnapshot {
  /** Room that films may take, in bytes: as set, or worked out from what is free. */
  readonly quotaBytes: number;
  /** Room they take: more than the size of their pieces where some were let go of. */
  readonly usedBytes: number;
  /** Films no session is open for, the one watched last first; only for who watches all sessions. */
  readonly films: readonly StoredFilmSnapshot[];
}

export interface StoredFilmSnapshot {
  readonly infoHash: InfoHash;
  /** Hostile text. */
  readonly name: string;
  readonly storedBytes: number;
  readonly totalBytes: number;
  /** What it takes of the disk, which may be more: see StoreSnapshot. */
  readonly roomBytes: number;
  /** In ms since the epoch; 0 when nobody knows. */
  readonly watchedAtMs: number;
}

export type SessionState =
  /** No peer yet. */
  | { readonly kind: 'searching' }
  /** A peer is there; the info dictionary is not. */
  | { readonly kind: 'metadata' }
  | { readonly kind: 'active' }
  | { readonly kind: 'paused'; readonly reason: PauseReason }
  /** Every piece of the chosen files is verified; still shared with others. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly advice: Notice };

export type PauseReason = 'user' | 'disk-full';
export type FailureCode = 'bad-metadata' | 'store-failed';

/** What feeds a session: the native swarm, WebTorrent peers (web seeds belong to it), or both at once. */
export const ENGINE_MODES = ['webrtc', 'webtorrent', 'hybrid'] as const;
export type EngineMode = (typeof ENGINE_MODES)[number];

/** Where bytes come from. Every downloaded byte is counted under exactly one. */
export const SOURCE_NAMES = ['native', 'webtorrent', 'web-seed'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

export interface SourceSnapshot {
  readonly name: SourceName;
  /** `off`: the session's mode leaves it out. */
  readonly state: 'off' | 'searching' | 'connected';
  /** Why it is off although the session's mode has it. */
  readonly reason?: Notice;
  readonly peers: number;
  /** This source's own moments in this session, in ms since the epoch; the first is when it was switched on. */
  readonly timeline: Readonly<Partial<Record<'started' | 'peer' | 'metadata' | 'first-piece', number>>>;
  readonly rates: Rates;
  readonly totals: Totals;
}

/** What a WebTorrent tracker said. */
export interface TrackerSnapshot {
  readonly url: string;
  readonly state: 'connecting' | 'connected' | 'unreachable' | 'refused';
  /** Why it is unreachable or refused; else undefined. */
  readonly reason: Notice | undefined;
  /** As of its last answer; both count peers of all kinds it knows, reachable from a browser or not. */
  readonly seeders: number | undefined;
  readonly leechers: number | undefined;
}

export interface WebSeedSnapshot {
  /** Hostile text: render as text only. */
  readonly url: string;
  readonly state: 'waiting' | 'active' | 'slow' | 'blocked' | 'refused' | 'failed';
  /** `blocked` needs the viewer: a host permission. Why; else undefined. */
  readonly reason: Notice | undefined;
  readonly totals: Totals;
}

/** Moments of a start, in the order they usually come; each is recorded once, in ms since the epoch. */
export const TIMELINE_EVENTS = ['opened', 'signaling', 'peer', 'metadata', 'first-piece'] as const;
export type TimelineEvent = (typeof TIMELINE_EVENTS)[number];

export interface SessionSnapshot {
  readonly id: SessionId;
  /** From the info dictionary, else the link's `dn`, else the info hash. Hostile text. */
  readonly name: string;
  readonly magnet: string;
  readonly state: SessionState;
  /** It is files of the viewer's own: how they are cut. Undefined for films of others. */
  readonly share: ShareSnapshot | undefined;
  /** Undefined until the metadata is there. Padding files are left out. */
  readonly files: readonly FileSnapshot[] | undefined;
  /** What the store has of it; undefined until the metadata is there, and for files of the viewer's own, which are in no store. */
  readonly stored: StoredSnapshot | undefined;
  readonly timeline: Readonly<Partial<Record<TimelineEvent, number>>>;
  readonly mode: EngineMode;
  /** All three, in the order of SOURCE_NAMES. */
  readonly sources: readonly SourceSnapshot[];
  readonly trackers: readonly TrackerSnapshot[];
  readonly webSeeds: readonly WebSeedSnapshot[];
  /** Addresses in the link that a browser cannot use: udp and http trackers. */
  readonly unusableTrackers: number;
  /** How often a viewer saw the film stand still for want of it; neither before its first picture nor after a seek. */
  readonly stalls: number;
  /** How long it stood so, in all players together; in ms. */
  readonly stalledMs: number;
  /** Verified without a gap after the playhead that has least of it, in bytes; undefined while nobody reads. */
  readonly aheadBytes: number | undefined;
  /** Verified without a gap after where the player that has least of it shows the film, in s of film; undefined while no player says so. */
  readonly bufferedS: number | undefined;
  /** Of the pieces that are waited for before the film can be read on, in bytes; 0 while nobody waits. */
  readonly waitingBytes: number;
  /** Of this session alone. */
  readonly rateLimits: RateLimits;
  readonly signaling: readonly SignalingSnapshot[];
  /** Servers the link names that are not among the viewer's own. */
  readonly publisherServers: readonly PublisherServerSnapshot[];
  /** Peers may only be reached through a TURN server, and none is known: no connection is tried. */
  readonly lacksRelay: boolean;
  readonly peers: readonly PeerSnapshot[];
  /** Tabs that have this session open. */
  readonly views: number;
  readonly rates: Rates;
  readonly totals: Totals;
}

export interface StoredSnapshot {
  /** What it takes of the disk. */
  readonly roomBytes: number;
  /** When somebody last watched it, in ms since the epoch. */
  readonly watchedAtMs: number;
}

export interface ShareSnapshot {
  readonly pieceCount: number;
  readonly pieceLengthBytes: number;
}

export interface FileSnapshot {
  readonly index: number;
  /** Hostile text. */
  readonly path: readonly string[];
  readonly kind: FileKind;
  readonly lengthBytes: number;
  readonly verifiedBytes: number;
  /** What of it is verified, in order; only of a file that was chosen. */
  readonly verifiedRuns?: readonly ByteRun[];
  readonly selected: boolean;
  /** Where the viewer left it, in seconds; undefined at the beginning or end. */
  readonly positionS: number | undefined;
}

/** Of a file, from its beginning; the end is not part of it. */
export interface ByteRun {
  readonly startBytes: number;
  readonly endBytes: number;
}

export type FileKind = 'video' | 'audio' | 'image' | 'subtitles' | 'other';

export interface SignalingSnapshot {
  readonly url: string;
  readonly state: 'idle' | 'connecting' | 'connected' | 'unreachable';
  /** Why it is unreachable; else undefined. */
  readonly reason: Notice | undefined;
  /** It is a WebTorrent tracker that carries the native swarm, and counts so many members, the viewer among them. */
  readonly tracker?: { readonly members: number | undefined };
}

/** A signaling server that the link names (`x.ls`). */
export interface PublisherServerSnapshot {
  /** Hostile text: render as text only. */
  readonly url: string;
  /** Host and port: the viewer is asked once for each. Hostile text. */
  readonly host: string;
  /** It leads to this device or its own network. */
  readonly isPrivate: boolean;
  /** What the viewer said; nothing is contacted unless it is `allowed`. */
  readonly answer: 'none' | 'allowed' | 'refused';
}

export interface PeerSnapshot {
  readonly id: PeerId;
  readonly source: 'native' | 'webtorrent';
  readonly state: 'connecting' | 'connected';
  readonly path: 'host' | 'srflx' | 'prflx' | 'relay' | 'memory' | 'unknown';
  readonly rttMs: number | undefined;
  /** Share of the torrent's pieces this peer has, 0 to 1. */
  readonly availability: number;
  readonly rates: Rates;
  readonly totals: Totals;
  /** Pieces it sent that did not verify. */
  readonly strikes: number;
  /** Of a native peer that is connected. */
  readonly link?: LinkSnapshot;
}

export interface LinkSnapshot {
  /** 1 to 4 (SPEC L5). */
  readonly connections: number;
  /** Asked for, or announced unasked, and not come yet. */
  readonly queuedRequests: number;
  readonly queuedBytes: number;
  /** Requests it rejected, or left unanswered for too long. */
  readonly failures: number;
  /** It lets us wait; we let it wait (SPEC section C). */
  readonly isChoking: boolean;
  readonly isChoked: boolean;
}

/** Bytes per second over the last seconds. */
export interface Rates {
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
}

/** Below the lowest nothing arrives before those who wait for it give up. */
export const MIN_BYTES_PER_SECOND = 10 * 1024;
export const MAX_BYTES_PER_SECOND = 10 * 1024 ** 3;

/** As the viewer set them; null for none. */
export interface RateLimits {
  readonly uploadBytesPerSecond: number | null;
  readonly downloadBytesPerSecond: number | null;
}

export interface Totals {
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  /** Downloaded but thrown away: duplicates and pieces that did not verify. */
  readonly wastedBytes: number;
  /** Of these, pieces that did not verify. */
  readonly corruptBytes: number;
}

export const ENGINE_CALL_ERROR_CODES = [
  'bad-magnet',
  'unsupported-magnet',
  'no-consent',
  'unknown-session',
  'bad-request',
  // The engine died before it answered; another is started by itself.
  'engine-lost',
  'internal',
] as const;
export type EngineCallErrorCode = (typeof ENGINE_CALL_ERROR_CODES)[number];

/** What the engine needs of the settings; pushed to it whenever they change. */
export interface EngineSettings {
  /** Until this is true the engine opens no connection of any kind. */
  readonly consented: boolean;
  /** http(s) or ws(s) addresses of signaling servers, all used at once. */
  readonly signalingUrls: readonly string[];
  /** Access tokens of private ones among them, by address. */
  readonly signalingTokens?: Readonly<Record<string, string>>;
  /** Hosts of publishers' signaling servers that the viewer was asked about, and whether they may be used for links that name them. */
  readonly publisherHosts?: Readonly<Record<string, boolean>>;
  readonly iceServers: readonly IceServer[];
  /** What new sessions start with. */
  readonly defaultMode: EngineMode;
  /** The viewer's own WebTorrent trackers (ws or wss), asked besides the magnet's. */
  readonly trackers: readonly string[];
  /** Whether the session's trackers carry the native swarm as well (SPEC section T); not when left out. */
  readonly swarmThroughTrackers?: boolean;
  /** Lets host candidates (addresses on the viewer's own network) leave the machine. */
  readonly allowLocalPeers: boolean;
  /** Peers are connected to through TURN servers alone; left out for false. */
  readonly relayOnly?: boolean;
  /** Room that stored films may take; left out for the default: 10 GB or 20 % of what is free, the smaller. */
  readonly storageQuotaBytes?: number;
  /** Of all sessions together, whatever source moves the bytes; left out for no limit. */
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
  /** What the engine allows itself and others; what is left out is as the engine has it. */
  readonly limits?: LimitSettings;
}

/** Those of the engine's limits that a viewer may change; what each means is said in the engine. */
export interface LimitSettings {
  readonly peersPerSession?: number;
  readonly peers?: number;
  readonly negotiationsPerSession?: number;
  readonly negotiationTimeoutMs?: number;
  readonly requestQueue?: number;
  readonly rejectsInARow?: number;
  readonly strikes?: number;
  readonly assemblyBytes?: number;
}

export interface IceServer {
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

export interface ReadVerifiedRequest {
  readonly sessionId: SessionId;
  readonly fileIndex: number;
  readonly startBytes: number;
  /** 1 to 512 KiB, as a pull of a stream. */
  readonly lengthBytes: number;
}

/** `unasked`: the one that is shown to a viewer who asked for the film and no file of it (`chooseFile`), once the files are known. */
export type StreamedFile = number | 'unasked';

export interface StreamRequest {
  readonly sessionId: SessionId;
  readonly fileIndex: StreamedFile;
  /** First byte wanted; where the playhead is, as far as the picker is concerned. */
  readonly startBytes: number;
}

/** Crosses the port as {code, notice}. */
export class EngineCallError extends NoticeError {
  readonly code: EngineCallErrorCode;

  constructor(code: EngineCallErrorCode, said: Notice, detail?: string) {
    super(said, detail);
    this.name = 'EngineCallError';
    this.code = code;
  }
}
