import type { BackoffLimits } from '@/src/base/backoff';
import type { Clock } from '@/src/base/clock';
import type { TrackerSnapshot } from '@/src/protocol/engine-api';
import type { InfoHash, PeerId, RandomBytes } from '@/src/protocol/ids';
import type { PeerAdmission } from './peer-admission';
import { PeerIntroductions } from './peer-introductions';
import { checkTrackerAddress } from './tracker-address';
import { ReconnectingSocket } from './reconnecting-socket';
import {
  announceText,
  answerText,
  MAX_TRACKER_MESSAGE_CHARS,
  readTrackerMessage,
  type TrackerAnnounce,
  type TrackerMessage,
  type TrackerOffer,
} from './tracker-messages';
import type { WireChannel } from './wire-channel';
import type { WireLimits } from './wire-limits';
import { notice, type Notice } from '@/src/protocol/notice';

export interface TrackerLimits {
  /** Offers with the first announce: a browser takes some 10 ms for each. Where more peers are, the next announce follows at once. */
  readonly firstOffers: number;
  /** Offers with each other announce. */
  readonly offersPerAnnounce: number;
  /** Descriptions wait no longer for candidates. */
  readonly gatherCapMs: number;
  /** An offer nobody answers, or a connection that does not open, ends after this. */
  readonly negotiationTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** An announce that stays without an answer for this long ends the connection. */
  readonly answerTimeoutMs: number;
  /** How often is announced whatever the tracker says. */
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  readonly defaultIntervalMs: number;
  /** Messages between two announces; more is a flood. */
  readonly messagesPerAnnounce: number;
  readonly backoff: BackoffLimits;
}

export const DEFAULT_TRACKER_LIMITS: TrackerLimits = {
  firstOffers: 2,
  offersPerAnnounce: 5,
  gatherCapMs: 200,
  negotiationTimeoutMs: 30_000,
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 15_000,
  minIntervalMs: 15_000,
  maxIntervalMs: 15 * 60_000,
  defaultIntervalMs: 120_000,
  messagesPerAnnounce: 500,
  backoff: { minMs: 1000, maxMs: 30_000 },
};

export interface TrackerClientOptions {
  readonly url: string;
  /** Exempt from the rules for addresses of strangers. */
  readonly typedByViewer: boolean;
  /** The real one: WebTorrent trackers see it. */
  readonly infoHash: InfoHash;
  /** The library's own: the same in its handshakes. */
  readonly peerId: PeerId;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomBytes: RandomBytes;
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly createSocket?: (url: string) => WebSocket;
  readonly rtcConfiguration: () => RTCConfiguration;
  /** Whether host candidates may be sent and tried (SPEC G6, G7). */
  readonly allowHost: boolean;
  readonly limits?: Partial<TrackerLimits>;
  readonly wireLimits?: Partial<WireLimits>;
  /** Shared by all trackers of a session. */
  readonly admission: PeerAdmission;
  /** How many more peers are wanted. */
  wanted(): number;
  /** What the tracker is told; undefined bytes left while the metadata is missing. */
  progress(): Pick<TrackerAnnounce, 'uploadedBytes' | 'downloadedBytes' | 'leftBytes'>;
  /** An open channel, to hand over to `torrent.addPeer` at once. */
  onChannel(channel: WireChannel, remotePeerId: PeerId): void;
  onStatus(status: TrackerSnapshot): void;
}

export interface TrackerClient {
  readonly status: TrackerSnapshot;
  /** Everything of the chosen files is there: the tracker counts a seeder from now on. */
  completed(): void;
  /** Asks now instead of at the next interval or after the wait; not more often than the shortest interval. */
  retry(): void;
}

/** Connects to one WebTorrent tracker and keeps announcing until the signal aborts. */
export function createTrackerClient(options: TrackerClientOptions): TrackerClient {
  return new WebTorrentTracker(options);
}

type AnnouncedMessage = Extract<TrackerMessage, { kind: 'announced' }>;
type IntroductionMessage = Extract<TrackerMessage, { kind: 'offer' | 'answer' }>;

class WebTorrentTracker implements TrackerClient {
  readonly #options: TrackerClientOptions;
  readonly #limits: TrackerLimits;
  readonly #socket: ReconnectingSocket | undefined;
  readonly #introductions: PeerIntroductions;
  #status: TrackerSnapshot;
  #earlyOffers: Promise<readonly TrackerOffer[]> | undefined;
  #lastOffers: readonly TrackerOffer[] = [];
  /** Of the first announce, when another followed at once. */
  #firstOffers: readonly TrackerOffer[] = [];
  /** Offers of others that are taken before the next announce: as many as were asked for. */
  #inboundTokens = 0;
  #messages = 0;
  #trackerId: string | undefined;
  #hasStarted = false;
  #hasAnswered = false;
  /** What the next announce tells. */
  #event: TrackerAnnounce['event'] = 'started';
  #announcing = false;
  #announcedAtMs = Number.NEGATIVE_INFINITY;
  #intervalMs: number;
  /** How soon is announced again after a peer was missed. */
  #missedWaitMs: number;
  #nextAtMs = Number.POSITIVE_INFINITY;
  #cancelNext: (() => void) | undefined;
  #cancelAnswerTimeout: (() => void) | undefined;

  constructor(options: TrackerClientOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_TRACKER_LIMITS, ...options.limits };
    this.#intervalMs = this.#limits.defaultIntervalMs;
    this.#missedWaitMs = this.#limits.minIntervalMs;
    this.#introductions = new PeerIntroductions({
      ...options,
      ...this.#limits,
      wireLimits: options.wireLimits,
      onMet: () => {
        this.#missedWaitMs = this.#limits.minIntervalMs;
      },
      onMissed: () => this.#onMissed(),
    });
    this.#status = { url: options.url, state: 'connecting', reason: undefined, seeders: undefined, leechers: undefined };
    const address = checkTrackerAddress(options.url, options.typedByViewer);
    if (!address.ok) {
      this.#setStatus({ state: 'refused', reason: address.reason });
      return;
    }
    const { signal, clock, random, createSocket = (url) => new WebSocket(url) } = options;
    // Before the socket listens: it says goodbye.
    signal.addEventListener('abort', () => this.#end(), { once: true });
    this.#socket = new ReconnectingSocket({
      url: address.url,
      host: address.host,
      signal,
      clock,
      random,
      createSocket,
      backoff: this.#limits.backoff,
      connectTimeoutMs: this.#limits.connectTimeoutMs,
      maxMessageChars: MAX_TRACKER_MESSAGE_CHARS,
      kind: 'tracker',
      onConnecting: (isRetry) => this.#onConnecting(isRetry),
      onOpen: () => void this.#announce(),
      onMessage: (text) => this.#onMessage(text),
      onDown: (reason) => this.#onDown(reason),
    });
    this.#socket.connect();
  }

  get status(): TrackerSnapshot {
    return this.#status;
  }

  completed(): void {
    if (this.#hasStarted) this.#event = 'completed';
    void this.#announce();
  }

  retry(): void {
    this.#socket?.connect();
    if (this.#options.clock.now() - this.#announcedAtMs >= this.#limits.minIntervalMs) void this.#announce();
  }

  #onConnecting(isRetry: boolean): void {
    // While the connection is made candidates are gathered, so that neither waits for the other. A tracker that was down has to be up first.
    if (!isRetry) this.#earlyOffers = this.#createOffers();
    if (this.#status.state !== 'connecting') this.#setStatus({ state: 'connecting', reason: undefined });
  }

  async #announce(): Promise<void> {
    if (this.#announcing || this.#socket?.isOpen !== true) return;
    this.#announcing = true;
    this.#cancelNext?.();
    const offers = await (this.#earlyOffers ?? this.#createOffers());
    this.#earlyOffers = undefined;
    this.#announcing = false;
    if (!this.#socket.isOpen) return this.#withdraw(offers);
    const { infoHash, peerId, clock } = this.#options;
    this.#hasStarted = true;
    this.#inboundTokens = Math.max(0, this.#options.wanted());
    this.#messages = 0;
    this.#lastOffers = offers;
    this.#announcedAtMs = clock.now();
    const announce = { infoHash, peerId, event: this.#event, ...this.#options.progress(), offers, trackerId: this.#trackerId };
    this.#event = undefined;
    this.#socket.send(announceText(announce));
    this.#cancelAnswerTimeout?.();
    this.#cancelAnswerTimeout = clock.after(this.#limits.answerTimeoutMs, () => this.#socket?.drop(notice('trackerSilent')));
    this.#scheduleNext();
  }

  #scheduleNext(): void {
    this.#announceAt(this.#announcedAtMs + this.#intervalMs);
  }

  #announceAt(atMs: number): void {
    const { clock } = this.#options;
    this.#cancelNext?.();
    this.#nextAtMs = atMs;
    this.#cancelNext = clock.after(Math.max(0, atMs - clock.now()), () => void this.#announce());
  }

  /** The peer is still there, and a second try often works; a network that lets nobody through is not tried ever faster. */
  #onMissed(): void {
    const atMs = this.#announcedAtMs + this.#missedWaitMs;
    if (this.#socket?.isOpen !== true || this.#announcing || atMs >= this.#nextAtMs) return;
    this.#missedWaitMs *= 2;
    this.#announceAt(atMs);
  }

  #onMessage(text: string): void {
    if (++this.#messages > this.#limits.messagesPerAnnounce) return this.#socket?.drop(notice('trackerFloods'));
    const message = readTrackerMessage(text, this.#options.infoHash);
    switch (message?.kind) {
      case undefined:
        return;
      case 'failure':
        this.#onAnswered();
        return this.#setStatus({ state: 'refused', reason: notice('trackerSays', { reason: message.reason }) });
      case 'announced':
        return this.#onAnnounced(message);
      case 'offer':
        return void this.#onOffer(message);
      case 'answer':
        return void this.#introductions.acceptAnswer(message.offerId, message.peerId, message.sdp);
    }
  }

  #onAnswered(): void {
    this.#cancelAnswerTimeout?.();
    this.#socket?.confirmUse();
  }

  #onAnnounced({ intervalSeconds, complete, incomplete, trackerId }: AnnouncedMessage): void {
    this.#onAnswered();
    this.#trackerId = trackerId ?? this.#trackerId;
    if (intervalSeconds !== undefined) {
      this.#intervalMs = Math.min(this.#limits.maxIntervalMs, Math.max(this.#limits.minIntervalMs, intervalSeconds * 1000));
      this.#scheduleNext();
    }
    const isFirst = !this.#hasAnswered;
    this.#hasAnswered = true;
    if (complete !== undefined && incomplete !== undefined) {
      // Trackers pass offers on at once and in order: those for which there is nobody are nobody's.
      this.#withdraw(this.#lastOffers.slice(complete + incomplete));
    }
    this.#setStatus({
      state: 'connected',
      reason: undefined,
      seeders: complete ?? this.#status.seeders,
      leechers: incomplete ?? this.#status.leechers,
    });
    if (isFirst && this.#hasMore((complete ?? 0) + (incomplete ?? 0))) void this.#announce();
  }

  /** Whether the first few offers were too few. @param members that the tracker counts, us among them */
  #hasMore(members: number): boolean {
    const { firstOffers, offersPerAnnounce } = this.#limits;
    const offered = this.#lastOffers.length;
    if (offered < firstOffers || offersPerAnnounce <= firstOffers || members - 1 <= offered) return false;
    this.#firstOffers = this.#lastOffers;
    return true;
  }

  async #onOffer({ peerId, offerId, sdp }: IntroductionMessage): Promise<void> {
    if (this.#inboundTokens <= 0) return;
    this.#inboundTokens--;
    const answer = await this.#introductions.answer(peerId, sdp);
    if (answer === undefined) return;
    const { infoHash, peerId: ownId } = this.#options;
    this.#socket?.send(answerText({ infoHash, peerId: ownId, toPeerId: peerId, offerId, sdp: answer, trackerId: this.#trackerId }));
  }

  #createOffers(): Promise<readonly TrackerOffer[]> {
    const { firstOffers, offersPerAnnounce } = this.#limits;
    return this.#introductions.createOffers(Math.min(this.#hasStarted ? offersPerAnnounce : firstOffers, this.#options.wanted()));
  }

  #withdraw(offers: readonly TrackerOffer[]): void {
    this.#introductions.withdraw(offers.map(({ offerId }) => offerId));
  }

  #onDown(reason: Notice): void {
    this.#cancelTimers();
    const early = this.#earlyOffers;
    this.#earlyOffers = undefined;
    void early?.then((offers) => this.#withdraw(offers));
    this.#withdraw([...this.#firstOffers, ...this.#lastOffers]);
    this.#setStatus({ state: 'unreachable', reason });
  }

  #end(): void {
    const { infoHash, peerId } = this.#options;
    this.#cancelTimers();
    this.#introductions.end();
    if (!this.#hasStarted) return;
    this.#socket?.send(
      announceText({ infoHash, peerId, event: 'stopped', ...this.#options.progress(), offers: [], trackerId: this.#trackerId }),
    );
  }

  #cancelTimers(): void {
    this.#cancelNext?.();
    this.#cancelAnswerTimeout?.();
  }

  #setStatus(changes: Partial<TrackerSnapshot>): void {
    this.#status = { ...this.#status, ...changes };
    this.#options.onStatus(this.#status);
  }
}
