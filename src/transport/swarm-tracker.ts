import type { Clock } from '@/src/base/clock';
import type { OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { ReconnectingSocket } from './reconnecting-socket';
import type { SignalingStatus } from './signaling-client';
import { checkTrackerAddress } from './tracker-address';
import { announceText, answerText, MAX_TRACKER_MESSAGE_CHARS, readTrackerMessage, type TrackerOffer } from './tracker-messages';
import { notice, type Notice } from '@/src/protocol/notice';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 15_000;
const BACKOFF = { minMs: 1000, maxMs: 30_000 };
/** While nobody is linked; and the soonest after a peer was lost. */
const INTERVAL_MS = 20_000;
const SOONEST_MS = 5000;
/** Where somebody is linked the tracker's own interval counts, up to this. */
const LONGEST_INTERVAL_MS = 120_000;
/** Messages between two announces; more is a flood. */
const MESSAGES_PER_ANNOUNCE = 500;

export interface SwarmTrackerOptions {
  readonly url: string;
  /** Exempt from the rules for addresses of strangers. */
  readonly typedByViewer: boolean;
  readonly swarmId: SwarmId;
  readonly peerId: PeerId;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  /** What goes out with the next announce, sealed. */
  prepareOffers(): Promise<readonly TrackerOffer[]>;
  /** Nobody will answer these: there is nobody, or the connection is gone. */
  onUntaken(offers: readonly TrackerOffer[]): void;
  /** Somebody is linked: there is no hurry. */
  isSettled(): boolean;
  onOffer(from: PeerId, offerId: OfferId, sealed: string): void;
  onAnswer(from: PeerId, offerId: OfferId, sealed: string): void;
  onStatus(): void;
}

/**
 * A WebTorrent tracker as the carrier of a native swarm (SPEC section T): the swarm id in the place of the info hash, sealed text in the
 * place of descriptions. Connects at once, and announces until the signal aborts.
 */
export class SwarmTracker {
  readonly url: string;
  readonly #options: SwarmTrackerOptions;
  readonly #socket: ReconnectingSocket | undefined;
  #status: SignalingStatus = { kind: 'connecting' };
  #members: number | undefined;
  #hasStarted = false;
  #announcing = false;
  #announcedAtMs = Number.NEGATIVE_INFINITY;
  #trackerIntervalMs = INTERVAL_MS;
  #lastOffers: readonly TrackerOffer[] = [];
  #trackerId: string | undefined;
  #messages = 0;
  #cancelNext: (() => void) | undefined;
  #cancelAnswerTimeout: (() => void) | undefined;

  constructor(options: SwarmTrackerOptions) {
    this.url = options.url;
    this.#options = options;
    const address = checkTrackerAddress(options.url, options.typedByViewer);
    if (!address.ok) {
      this.#status = { kind: 'unreachable', reason: address.reason };
      return;
    }
    const { signal, clock, random } = options;
    // Before the socket listens: it says goodbye.
    signal.addEventListener('abort', () => this.#end(), { once: true });
    this.#socket = new ReconnectingSocket({
      url: address.url,
      host: address.host,
      signal,
      clock,
      random,
      createSocket: (url) => new WebSocket(url),
      backoff: BACKOFF,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      maxMessageChars: MAX_TRACKER_MESSAGE_CHARS,
      kind: 'tracker',
      onConnecting: () => undefined,
      onOpen: () => void this.#announce(),
      onMessage: (text) => this.#onMessage(text),
      onDown: (reason) => this.#onDown(reason),
    });
    this.#socket.connect();
  }

  get status(): SignalingStatus {
    return this.#status;
  }

  /** As the tracker counts them, ourselves among them; undefined until it has. */
  get members(): number | undefined {
    return this.#members;
  }

  answer(to: PeerId, offerId: OfferId, sealed: string): void {
    const { swarmId, peerId } = this.#options;
    this.#socket?.send(answerText({ infoHash: swarmId, peerId, toPeerId: to, offerId, sdp: sealed, trackerId: this.#trackerId }));
  }

  /** A peer was lost, or the network is back: asks soon, or cuts the wait for the next try short. */
  retry(): void {
    this.#socket?.connect();
    if (this.#socket?.isOpen === true && !this.#announcing) this.#scheduleAt(this.#announcedAtMs + SOONEST_MS);
  }

  async #announce(): Promise<void> {
    const { swarmId, peerId, clock, signal } = this.#options;
    if (this.#announcing || this.#socket?.isOpen !== true) return;
    this.#announcing = true;
    this.#cancelNext?.();
    this.#options.onUntaken(this.#lastOffers);
    const offers = await this.#options.prepareOffers();
    this.#announcing = false;
    this.#lastOffers = offers;
    if (signal.aborted || !this.#socket.isOpen) return this.#options.onUntaken(offers);
    const event = this.#hasStarted ? undefined : 'started';
    this.#hasStarted = true;
    this.#messages = 0;
    this.#announcedAtMs = clock.now();
    this.#socket.send(announceText({ infoHash: swarmId, peerId, event, ...NO_PROGRESS, offers, trackerId: this.#trackerId }));
    this.#cancelAnswerTimeout?.();
    this.#cancelAnswerTimeout = clock.after(ANSWER_TIMEOUT_MS, () => this.#socket?.drop(notice('trackerSilent')));
    this.#scheduleNext();
  }

  #scheduleNext(): void {
    const settledMs = Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, this.#trackerIntervalMs));
    this.#scheduleAt(this.#announcedAtMs + (this.#options.isSettled() ? settledMs : INTERVAL_MS));
  }

  #scheduleAt(atMs: number): void {
    const { clock } = this.#options;
    this.#cancelNext?.();
    this.#cancelNext = clock.after(Math.max(0, atMs - clock.now()), () => void this.#announce());
  }

  #onMessage(text: string): void {
    if (++this.#messages > MESSAGES_PER_ANNOUNCE) return this.#socket?.drop(notice('trackerFloods'));
    const message = readTrackerMessage(text, this.#options.swarmId);
    switch (message?.kind) {
      case undefined:
        return;
      case 'failure':
        this.#cancelAnswerTimeout?.();
        return this.#setStatus({ kind: 'unreachable', reason: notice('trackerSays', { reason: message.reason }) });
      case 'announced':
        return this.#onAnnounced(message);
      case 'offer':
        return this.#options.onOffer(message.peerId, message.offerId, message.sdp);
      case 'answer':
        return this.#options.onAnswer(message.peerId, message.offerId, message.sdp);
    }
  }

  #onAnnounced({ intervalSeconds, complete, incomplete, trackerId }: Announced): void {
    this.#cancelAnswerTimeout?.();
    this.#socket?.confirmUse();
    this.#trackerId = trackerId ?? this.#trackerId;
    if (intervalSeconds !== undefined) this.#trackerIntervalMs = intervalSeconds * 1000;
    if (complete !== undefined && incomplete !== undefined) {
      this.#members = complete + incomplete;
      // Trackers pass offers on at once and in order: those for which there is nobody are nobody's.
      this.#options.onUntaken(this.#lastOffers.slice(this.#members));
    }
    this.#scheduleNext();
    this.#setStatus({ kind: 'connected' });
  }

  #onDown(reason: Notice): void {
    this.#cancelTimers();
    this.#options.onUntaken(this.#lastOffers);
    this.#setStatus({ kind: 'unreachable', reason });
  }

  #end(): void {
    this.#cancelTimers();
    const { swarmId, peerId } = this.#options;
    if (!this.#hasStarted) return;
    const goodbye = { infoHash: swarmId, peerId, event: 'stopped', ...NO_PROGRESS, offers: [], trackerId: this.#trackerId } as const;
    this.#socket?.send(announceText(goodbye));
  }

  #cancelTimers(): void {
    this.#cancelNext?.();
    this.#cancelAnswerTimeout?.();
  }

  #setStatus(status: SignalingStatus): void {
    this.#status = status;
    this.#options.onStatus();
  }
}

type Announced = Extract<ReturnType<typeof readTrackerMessage>, { kind: 'announced' }>;

/** Nobody's business; and trackers do not introduce those who have everything to each other. */
const NO_PROGRESS = { uploadedBytes: 0, downloadedBytes: 0, leftBytes: undefined };
