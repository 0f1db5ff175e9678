import type { Clock } from '@/src/base/clock';

/** Any moment will do; a round one reads well in what is printed. */
const START_MS = 1_700_000_000_000;
/** How often the event loop gets a turn: a test runner or Ctrl+C may wait for one. */
const TURNS_BETWEEN_BREAKS = 20_000;

type Turn = (() => void) | { call: (() => void) | undefined };

/**
 * Time that jumps from one event to the next, in whole milliseconds. What happens in the same millisecond happens in the order it was
 * asked for, and each event's promises settle before the next event: the same run gives the same events.
 */
export class VirtualClock implements Clock {
  /** Events by their moment. A list for each moment is much cheaper than a heap of all events. */
  readonly #moments = new Map<number, Turn[]>();
  /** A binary heap of the moments in `#moments`, the earliest first. */
  readonly #heap: number[] = [];
  #nowMs = START_MS;
  #turns = 0;

  now(): number {
    return this.#nowMs;
  }

  /** Since the beginning, in ms. */
  get elapsedMs(): number {
    return this.#nowMs - START_MS;
  }

  /** Events that have happened. */
  get turns(): number {
    return this.#turns;
  }

  after(delayMs: number, call: () => void): () => void {
    const turn: { call: (() => void) | undefined } = { call };
    this.#add(this.#nowMs + Math.max(0, delayMs), turn);
    return () => {
      turn.call = undefined;
    };
  }

  /** As `after`, for what is never cancelled. @param atMs may be a fraction: it happens in the millisecond that follows */
  at(atMs: number, call: () => void): void {
    this.#add(Math.max(this.#nowMs, atMs), call);
  }

  /** Goes on until `isOver`, or until nothing is left to happen. Rejects with what an event throws. */
  run(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let moment: Turn[] = [];
      let next = 0;
      const takeTurn = (): void => {
        if (isOver()) return resolve();
        while (next >= moment.length) {
          this.#moments.delete(this.#nowMs);
          const atMs = this.#takeEarliest();
          if (atMs === undefined) return resolve();
          this.#nowMs = atMs;
          moment = this.#moments.get(atMs) ?? [];
          next = 0;
        }
        const turn = moment[next++];
        try {
          if (typeof turn === 'function') turn();
          else turn?.call?.();
        } catch (error) {
          return reject(error instanceof Error ? error : new Error(String(error)));
        }
        this.#turns++;
        // Ticks of Node run once no microtask is left: by then everything has settled that this event set off.
        queueMicrotask(this.#turns % TURNS_BETWEEN_BREAKS === 0 ? takeBreak : settle);
      };
      const settle = (): void => process.nextTick(takeTurn);
      const takeBreak = (): void => void setImmediate(takeTurn);
      queueMicrotask(settle);
    });
  }

  #add(atMs: number, turn: Turn): void {
    const momentMs = Math.ceil(atMs);
    const moment = this.#moments.get(momentMs);
    if (moment !== undefined) return void moment.push(turn);
    this.#moments.set(momentMs, [turn]);
    this.#pushMoment(momentMs);
  }

  #pushMoment(momentMs: number): void {
    const heap = this.#heap;
    let at = heap.push(momentMs) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentMs = heap[parent] ?? 0;
      if (parentMs <= momentMs) break;
      heap[at] = parentMs;
      at = parent;
    }
    heap[at] = momentMs;
  }

  #takeEarliest(): number | undefined {
    const heap = this.#heap;
    const earliest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return earliest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if ((heap[child + 1] ?? Number.POSITIVE_INFINITY) < (heap[child] ?? 0)) child++;
      const childMs = heap[child] ?? 0;
      if (childMs >= last) break;
      heap[at] = childMs;
      at = child;
    }
    heap[at] = last;
    return earliest;
  }
}
