import * as v from 'valibot';
import type { Clock } from '@/src/base/clock';
import { acceptsCandidate, outgoingCandidate } from './candidate-filter';

/** SPEC G5. */
const MAX_CANDIDATES_PER_BATCH = 40;
const MAX_CANDIDATES = 80;
/** The first batch goes almost at once, since it holds the host candidates; what comes later (STUN, TURN) is gathered up. */
const FIRST_BATCH_MS = 5;
const LATER_BATCH_MS = 50;

const candidatesSchema = v.pipe(
  v.array(v.object({ candidate: v.pipe(v.string(), v.maxLength(500)), sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(50))) })),
  v.maxLength(MAX_CANDIDATES_PER_BATCH),
);

export interface CandidateTrickleOptions {
  readonly connection: RTCPeerConnection;
  readonly clock: Clock;
  /** Whether host candidates may be sent and tried (SPEC G6, G7). */
  readonly allowHost: boolean;
  /** No address but a relay's leaves (SPEC G11). */
  readonly relayOnly: boolean;
  /** A batch, as text to seal. Held back until `send` is called. */
  onBatch(batch: string): void;
}

/** The candidates of one exchange of descriptions, both ways (SPEC G2, G5): a first one, or an ICE restart. */
export class CandidateTrickle {
  readonly #options: CandidateTrickleOptions;
  readonly #listening = new AbortController();
  #gathered: { candidate: string; sdpMid: string | null }[] = [];
  #gatheredCount = 0;
  #maySend = false;
  #batches = 0;
  #cancelBatch: (() => void) | undefined;
  #received: RTCIceCandidateInit[] = [];
  #receivedCount = 0;
  #hasRemote = false;

  /** Listens from now on: gathering starts with the next local description. */
  constructor(options: CandidateTrickleOptions) {
    this.#options = options;
    options.connection.addEventListener('icecandidate', ({ candidate }) => this.#onCandidate(candidate), {
      signal: this.#listening.signal,
    });
  }

  /** From now on batches go out: the addressee is known. */
  send(): void {
    this.#maySend = true;
    this.#scheduleBatch();
  }

  /** False: malformed, or too many. Held until `start`. */
  async accept(batch: string): Promise<boolean> {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), candidatesSchema), batch);
    if (!parsed.success || this.#receivedCount + parsed.output.length > MAX_CANDIDATES) return false;
    this.#receivedCount += parsed.output.length;
    const { allowHost, relayOnly } = this.#options;
    const usable = parsed.output.filter(({ candidate }) => acceptsCandidate(candidate, allowHost, relayOnly));
    if (!this.#hasRemote) this.#received.push(...usable);
    else await Promise.all(usable.map((candidate) => this.#add(candidate)));
    return true;
  }

  /** The remote description is set: what came before it is tried now. */
  async start(): Promise<void> {
    this.#hasRemote = true;
    const waiting = this.#received;
    this.#received = [];
    await Promise.all(waiting.map((candidate) => this.#add(candidate)));
  }

  stop(): void {
    this.#listening.abort();
    this.#cancelBatch?.();
  }

  #onCandidate(candidate: RTCIceCandidate | null): void {
    const { allowHost, relayOnly } = this.#options;
    const gathered = candidate?.candidate ?? '';
    const text = gathered === '' ? undefined : outgoingCandidate(gathered, allowHost, relayOnly);
    // Whoever sends more than is allowed is refused altogether: the first ones are the likeliest to work.
    if (text === undefined || this.#gatheredCount >= MAX_CANDIDATES) return;
    this.#gatheredCount++;
    this.#gathered.push({ candidate: text, sdpMid: candidate?.sdpMid ?? '0' });
    this.#scheduleBatch();
  }

  async #add(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.#options.connection.addIceCandidate(candidate);
    } catch {
      // A candidate the browser cannot parse costs only itself: the others may still lead to the peer.
    }
  }

  #scheduleBatch(): void {
    if (!this.#maySend || this.#gathered.length === 0 || this.#cancelBatch !== undefined) return;
    this.#cancelBatch = this.#options.clock.after(this.#batches === 0 ? FIRST_BATCH_MS : LATER_BATCH_MS, () => {
      this.#cancelBatch = undefined;
      this.#batches++;
      const batch = this.#gathered.splice(0, MAX_CANDIDATES_PER_BATCH);
      this.#options.onBatch(JSON.stringify(batch));
      this.#scheduleBatch();
    });
  }
}
