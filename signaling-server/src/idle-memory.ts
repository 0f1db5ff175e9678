import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_EVERY_MS = 5000;
/** Below this share of the time since the last look the process has nothing to do. */
const IDLE_SHARE = 0.02;
/** That so often in a row: a cleared heap has to grow again, which costs whatever comes next. */
const IDLE_LOOKS = 12;
/** A heap that grew by less since it was last cleared is left alone: by half, and by this. */
const WORTH_BYTES = 32 * 1024 * 1024;

type CollectGarbage = (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void;

/**
 * Gives memory back after a storm. V8 collects when something is allocated: a server that is left alone keeps the heap it needed at the
 * worst moment, for as long as that lasts. Clearing it takes about 10 ms for each thousand connections, so it is done when hardly anybody waits.
 */
export class IdleMemory {
  readonly #timer: NodeJS.Timeout;
  #collectGarbage: CollectGarbage | undefined;
  #idleLooks = 0;
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();
  /** None yet: a start leaves garbage, too. */
  #clearedBytes = 0;

  constructor(lookEveryMs = LOOK_EVERY_MS) {
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const before = this.#utilization;
    this.#utilization = performance.eventLoopUtilization();
    const isIdle = performance.eventLoopUtilization(this.#utilization, before).utilization <= IDLE_SHARE;
    this.#idleLooks = isIdle ? this.#idleLooks + 1 : 0;
    if (this.#idleLooks < IDLE_LOOKS) return;
    if (getHeapStatistics().total_heap_size < this.#clearedBytes * 1.5 + WORTH_BYTES) return;
    this.#collectGarbage ??= garbageCollector();
    this.#collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    this.#clearedBytes = getHeapStatistics().total_heap_size;
  }
}

/** What `node --expose-gc` shows, wherever and however the server was started. */
function garbageCollector(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as CollectGarbage;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
