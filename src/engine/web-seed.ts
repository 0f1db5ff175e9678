import { backoffDelayMs } from '@/src/base/backoff';
import { Bitfield } from '@/src/base/bitfield';
import type { WebSeedSnapshot } from '@/src/protocol/engine-api';
import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';
import { piecesOf } from '@/src/scheduler/playback-window';
import { judgeAddress } from '@/src/transport/stranger-address';
import type { WebSeedError } from '@/src/transport/web-seed-client';
import type { EngineLimits } from './limits';
import { Traffic } from './traffic';
import type { WebSeedRequest } from './web-seed-request';
import { notice, type Notice } from '@/src/protocol/notice';

export interface WebSeedOptions {
  readonly url: string;
  readonly info: TorrentInfo;
  readonly limits: EngineLimits;
  isAllowed(host: string): boolean;
  random(): number;
}

/** Rates of requests shorter than this say more about the round trip than about the line. */
const MEASURED_AFTER_MS = 1000;
const SLOWER_THAN_FASTEST = 8;

/** Who else could fetch what a seed fetches. */
export interface Rivals {
  readonly areThere: boolean;
  /** Of the other web seeds. */
  readonly fastestBytesPerSecond: number;
}

type Standing =
  /** May be asked; not asked before `restUntilMs`. */
  | { readonly kind: 'usable' }
  /** Never asked again, unless the viewer says so. */
  | { readonly kind: 'refused' | 'failed' };

/** One web seed: what it can deliver, how well it does, and whether it may be asked now. */
export class WebSeed {
  readonly url: string;
  readonly traffic = new Traffic();
  readonly requests = new Set<WebSeedRequest>();
  /** As measured; undefined before that. */
  bytesPerSecond: number | undefined = undefined;
  restUntilMs = 0;
  readonly #options: WebSeedOptions;
  readonly #lostFiles = new Set<number>();
  #undeliverable: Bitfield;
  #standing: Standing = { kind: 'usable' };
  #trouble: 'blocked' | 'failed' | 'slow' | undefined;
  #reason: Notice | undefined;
  #strikes = 0;
  #failuresInARow = 0;
  #slowInARow = 0;
  #delivered = false;
  #slow = false;

  constructor(options: WebSeedOptions) {
    this.url = options.url;
    this.#options = options;
    this.#undeliverable = new Bitfield(options.info.pieceCount);
    this.#judge();
  }

  /** The viewer vouches for it: what it did before is forgotten, except lies. */
  pardon(): void {
    if (this.#strikes >= this.#options.limits.strikes) return;
    this.#standing = { kind: 'usable' };
    this.#trouble = undefined;
    this.#reason = undefined;
    this.#failuresInARow = 0;
    this.#undeliverable = new Bitfield(this.#options.info.pieceCount);
    this.#lostFiles.clear();
    this.restUntilMs = 0;
    this.#judge();
  }

  isUsable(nowMs: number): boolean {
    return this.#standing.kind === 'usable' && nowMs >= this.restUntilMs;
  }

  get isGivenUp(): boolean {
    return this.#standing.kind !== 'usable';
  }

  /** Given one piece at a time, and none that playback waits for. */
  get isSlow(): boolean {
    return this.#slow;
  }

  get isConnected(): boolean {
    return this.#standing.kind === 'usable' && this.#delivered && this.#trouble !== 'blocked' && this.#trouble !== 'failed';
  }

  canDeliver(piece: number): boolean {
    return !this.#undeliverable.has(piece);
  }

  /** Pieces of the next request: about as many as come within `webSeedRequestMs`; the first shows how fast it is. */
  runPieces(): number {
    const { limits, info } = this.#options;
    if (this.bytesPerSecond === undefined || this.#slow) return 1;
    const bytes = Math.min(limits.webSeedRequestBytes, (this.bytesPerSecond * limits.webSeedRequestMs) / 1000);
    return Math.max(1, Math.floor(bytes / info.pieceLengthBytes));
  }

  onPiece(): void {
    this.#delivered = true;
    this.#failuresInARow = 0;
    if (this.#trouble === 'slow') return;
    this.#trouble = undefined;
    this.#reason = undefined;
  }

  /** A piece that does not verify: this one is not asked of it again, and after some of them nothing is. */
  onBadPiece(piece: number): void {
    this.#undeliverable.add(piece);
    this.#strikes++;
    if (this.#strikes < this.#options.limits.strikes) return;
    this.#standing = { kind: 'refused' };
    this.#reason = notice('seedBadData');
  }

  /** A request is over that moved so many bytes in so long. */
  onMeasured(bytes: number, networkMs: number, rivals: Rivals, nowMs: number): void {
    const { limits } = this.#options;
    if (bytes === 0 || networkMs <= 0) return;
    const measured = (bytes * 1000) / networkMs;
    this.bytesPerSecond = this.bytesPerSecond === undefined ? measured : (this.bytesPerSecond + measured) / 2;
    const isSlow = measured < Math.max(limits.webSeedSlowBytesPerSecond, rivals.fastestBytesPerSecond / SLOWER_THAN_FASTEST);
    if (isSlow && networkMs < MEASURED_AFTER_MS) return;
    if (!isSlow) return this.#recover();
    this.#becomeSlow(notice('seedSlow'));
    if (++this.#slowInARow >= limits.webSeedSlowRequests && rivals.areThere) this.#rest(nowMs);
  }

  onStalled(nowMs: number): void {
    this.#becomeSlow(notice('seedStopped'));
    this.#rest(nowMs);
  }

  onError(error: WebSeedError, file: TorrentFile, nowMs: number): void {
    this.#reason = error.notice;
    switch (error.failure) {
      case 'blocked': {
        const host = URL.parse(this.url)?.host ?? '';
        // A server that was read before, or that the viewer allowed, is away.
        const isAway = this.#delivered || this.#options.isAllowed(host);
        this.#trouble = isAway ? 'failed' : 'blocked';
        if (isAway) this.#reason = notice('seedAway');
        return this.#rest(nowMs);
      }
      case 'redirect':
        this.#standing = { kind: 'refused' };
        return;
      case 'missing':
        return this.#lose(file, 'failed');
      case 'no-ranges':
        return this.#lose(file, 'refused');
      case 'busy':
      case 'broken':
        this.#trouble = 'failed';
        return this.#rest(nowMs, error.retryAfterMs);
    }
  }

  snapshot(): WebSeedSnapshot {
    return { url: this.url, state: this.#state(), reason: this.#reason, totals: this.traffic.totals() };
  }

  #state(): WebSeedSnapshot['state'] {
    if (this.#standing.kind !== 'usable') return this.#standing.kind;
    if (this.#trouble !== undefined) return this.#trouble;
    return this.#delivered || this.requests.size > 0 ? 'active' : 'waiting';
  }

  #judge(): void {
    const rules = { protocols: ['http:', 'https:'], isAllowed: (host: string) => this.#options.isAllowed(host) };
    const verdict = judgeAddress(this.url, rules);
    if (verdict.ok) return;
    this.#standing = { kind: 'refused' };
    this.#reason = verdict.notice;
  }

  #becomeSlow(reason: Notice): void {
    this.#slow = true;
    this.#trouble = 'slow';
    this.#reason = reason;
  }

  #recover(): void {
    this.#slow = false;
    this.#slowInARow = 0;
    if (this.#trouble !== 'slow') return;
    this.#trouble = undefined;
    this.#reason = undefined;
  }

  /** Another file may be there. */
  #lose(file: TorrentFile, kind: 'refused' | 'failed'): void {
    const { info } = this.#options;
    const { first, last } = piecesOf(info, file, 0, file.lengthBytes);
    for (let piece = first; piece <= last; piece++) this.#undeliverable.add(piece);
    this.#lostFiles.add(file.index);
    const hasOther = info.files.some(({ index, padding, lengthBytes }) => !padding && lengthBytes > 0 && !this.#lostFiles.has(index));
    if (!hasOther) this.#standing = { kind };
  }

  #rest(nowMs: number, atLeastMs = 0): void {
    const { limits } = this.#options;
    const waits = { minMs: limits.webSeedBackoffMinMs, maxMs: limits.webSeedBackoffMaxMs };
    this.restUntilMs =
      nowMs +
      Math.max(
        atLeastMs,
        backoffDelayMs(this.#failuresInARow, () => this.#options.random(), waits),
      );
    this.#failuresInARow++;
  }
}
