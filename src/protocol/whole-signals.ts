import * as v from 'valibot';

/** Together they fit a sealed message, and that a tracker's. */
const MAX_CHARS = 40 * 1024;
const MAX_BATCHES = 20;

const wholeSignalSchema = v.object({
  sdp: v.string(),
  /** Batches as they would have trickled (SPEC G2). */
  candidates: v.pipe(v.array(v.string()), v.maxLength(MAX_BATCHES)),
});

/** A whole side of a negotiation, for carriers that pass on one message each way (SPEC T3). */
export type WholeSignal = v.InferOutput<typeof wholeSignalSchema>;

/** @throws {RangeError} when it is too long to be passed on */
export function encodeWholeSignal({ sdp, candidates }: WholeSignal): string {
  const text = JSON.stringify({ sdp, candidates: candidates.slice(0, MAX_BATCHES) });
  if (text.length > MAX_CHARS) throw new RangeError('the description is too long for a tracker');
  return text;
}

/** @returns undefined for anything else */
export function decodeWholeSignal(text: string): WholeSignal | undefined {
  if (text.length > MAX_CHARS) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), wholeSignalSchema), text);
  return parsed.success ? parsed.output : undefined;
}
