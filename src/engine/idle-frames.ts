import type { EngineLimits } from './limits';

/** How many frames that change nothing one peer has sent lately (SPEC L8): some cross on their way, a flood of them does not. */
export class IdleFrames {
  #count = 0;
  #countedAtMs: number;

  constructor(nowMs: number) {
    this.#countedAtMs = nowMs;
  }

  /** One more came. Returns whether that was one too many. */
  add(nowMs: number, limits: Pick<EngineLimits, 'idleFrames' | 'idleFramesPerSecond'>): boolean {
    const forgotten = ((nowMs - this.#countedAtMs) / 1000) * limits.idleFramesPerSecond;
    this.#count = Math.max(0, this.#count - forgotten) + 1;
    this.#countedAtMs = nowMs;
    return this.#count > limits.idleFrames;
  }
}
