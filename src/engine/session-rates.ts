import type { Clock } from '@/src/base/clock';
import type { Pace, Paces } from '@/src/base/pace';
import type { RateLimits as ViewerLimits } from '@/src/protocol/engine-api';
import { RateLimit } from './rate-limit';

/** One direction of a session: its own limit, and within it that of all sessions together. */
class NestedRate implements Pace {
  readonly own: RateLimit;
  readonly #all: Pace;

  constructor(clock: Clock, all: Pace) {
    this.own = new RateLimit(clock, Number.POSITIVE_INFINITY);
    this.#all = all;
  }

  get bytesPerSecond(): number {
    return Math.min(this.own.bytesPerSecond, this.#all.bytesPerSecond);
  }

  async take(bytes: number): Promise<void> {
    await this.own.take(bytes);
    await this.#all.take(bytes);
  }
}

/** How fast one session may send and receive, whatever source does it. */
export class SessionRates implements Paces {
  readonly upload: NestedRate;
  readonly download: NestedRate;

  constructor(clock: Clock, all: Paces) {
    this.upload = new NestedRate(clock, all.upload);
    this.download = new NestedRate(clock, all.download);
  }

  /** What the viewer set for this session. */
  get limits(): ViewerLimits {
    return {
      uploadBytesPerSecond: finiteOrNull(this.upload.own.bytesPerSecond),
      downloadBytesPerSecond: finiteOrNull(this.download.own.bytesPerSecond),
    };
  }

  set limits({ uploadBytesPerSecond, downloadBytesPerSecond }: ViewerLimits) {
    this.upload.own.bytesPerSecond = uploadBytesPerSecond ?? Number.POSITIVE_INFINITY;
    this.download.own.bytesPerSecond = downloadBytesPerSecond ?? Number.POSITIVE_INFINITY;
  }
}

function finiteOrNull(bytesPerSecond: number): number | null {
  return Number.isFinite(bytesPerSecond) ? bytesPerSecond : null;
}
